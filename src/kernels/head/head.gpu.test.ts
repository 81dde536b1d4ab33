import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { headCheck } from './head.check.ts';

const gpu = await testGpu();

describeCheck(gpu, headCheck);
