import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { gatherRowsCheck } from './gather-rows.check.ts';

const gpu = await testGpu();

describeCheck(gpu, gatherRowsCheck);
