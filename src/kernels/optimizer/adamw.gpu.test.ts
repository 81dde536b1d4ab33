import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { adamWCheck } from './adamw.check.ts';

const gpu = await testGpu();

describeCheck(gpu, adamWCheck);
