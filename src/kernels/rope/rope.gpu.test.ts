import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { ropeCheck } from './rope.check.ts';

const gpu = await testGpu();

describeCheck(gpu, ropeCheck);
