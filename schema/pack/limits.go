package pack

// Limits of a pack. They bound what reading an untrusted pack may cost.
const (
	// MaxTotal is the size of all files together, unpacked.
	MaxTotal = 50 << 20
	// MaxYAML is the size of one definition, data or scenario file.
	MaxYAML = 1 << 20
	// MaxAsset is the size of one file under assets/.
	MaxAsset = 10 << 20
	// MaxFiles is the number of files.
	MaxFiles = 2000
	// MaxRatio is how many times larger than its compressed size a file of a zip may be,
	// once it is larger than 64 KB.
	MaxRatio = 200
	// MaxPath is the length of a file's path in bytes.
	MaxPath = 200
	// MaxDepth is how deep values may be nested in a YAML file.
	MaxDepth = 64
	// MaxKeys is the number of keys in one mapping of a YAML file; the parser takes
	// a time that grows with its square.
	MaxKeys = 3000
	// MaxNodes is the number of values in one YAML file.
	MaxNodes = 200_000
)
