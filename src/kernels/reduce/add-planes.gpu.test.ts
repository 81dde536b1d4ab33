import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { addPlanesCheck } from './add-planes.check.ts';

const gpu = await testGpu();

describeCheck(gpu, addPlanesCheck);
