// The node-* packages publish `os` and `cpu` as strings. pnpm only reads arrays, and would fetch every platform's binary.
module.exports = {
  hooks: {
    readPackage(pkg) {
      for (const field of ['os', 'cpu']) if (typeof pkg[field] === 'string') pkg[field] = [pkg[field]]
      return pkg
    },
  },
}
