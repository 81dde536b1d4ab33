import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { decodeAttentionCheck } from './decode-attention.check.ts';

const gpu = await testGpu();

describeCheck(gpu, decodeAttentionCheck);
