import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { rmsNormCheck } from './rmsnorm.check.ts';

const gpu = await testGpu();

describeCheck(gpu, rmsNormCheck);
