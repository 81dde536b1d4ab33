import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { embeddingCheck } from './embedding.check.ts';

const gpu = await testGpu();

describeCheck(gpu, embeddingCheck);
