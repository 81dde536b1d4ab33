import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { valueCheck } from './value.check.ts';

const gpu = await testGpu();

describeCheck(gpu, valueCheck);
