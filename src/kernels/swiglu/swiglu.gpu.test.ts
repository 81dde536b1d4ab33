import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { swigluCheck } from './swiglu.check.ts';

const gpu = await testGpu();

describeCheck(gpu, swigluCheck);
