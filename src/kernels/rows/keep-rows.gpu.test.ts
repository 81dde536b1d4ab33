import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { keepRowsCheck } from './keep-rows.check.ts';

const gpu = await testGpu();

describeCheck(gpu, keepRowsCheck);
