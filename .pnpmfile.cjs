// The node-* packages publish `os` and `cpu` as strings. pnpm only reads arrays, and would fetch every platform's binary.
// pnpm installs a workspace package's optional peers as well: tfjs-node's are 800 MB that the tests get otherwise
// (tools/libtensorflow).
module.exports = {
  hooks: {
    readPackage(pkg) {
      for (const field of ['os', 'cpu']) if (typeof pkg[field] === 'string') pkg[field] = [pkg[field]]
      if (pkg.name === '@normlab/tfjs-layers')
        for (const name of ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'])
          delete pkg.peerDependencies[name]
      return pkg
    },
  },
}
