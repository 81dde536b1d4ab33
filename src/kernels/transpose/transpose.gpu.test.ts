import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { transposeCheck } from './transpose.check.ts';

const gpu = await testGpu();

describeCheck(gpu, transposeCheck);
