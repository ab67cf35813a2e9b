/** For Node: the fastest backend that works here, and what to do where it is not the one that was hoped for. */
export {
  useNativeBackend,
  describe,
  type NativeChoice,
  type NativeOptions,
} from './native/useNativeBackend.ts'
export { type Inspected, type NativePackage, type Refusal } from './native/candidates.ts'
export { type CudaLibrary } from './native/cuda.ts'
export { doctor, report, type Diagnosis } from './native/doctor.ts'
export {
  installLibtensorflow,
  missingForBuild,
  type Installed,
  type InstallOptions,
} from './native/libtensorflow.ts'
export { TENSORFLOW, type Flavour } from './native/wheel.ts'
