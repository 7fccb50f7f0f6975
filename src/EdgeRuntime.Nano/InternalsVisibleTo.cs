using System.Runtime.CompilerServices;

// Its hand-written model, what the engine is measured against, reads weights and parameters from the file itself.
[assembly: InternalsVisibleTo("EdgeRuntime.Nano.DeviceTests")]

// Reads the hidden vector and the record of the learning heads.
[assembly: InternalsVisibleTo("EdgeInference.Nano.Adaptation")]

// Runs the self-test vectors of a file, compares contracts and finds the signature block.
[assembly: InternalsVisibleTo("EdgeInference.Nano.Updates")]
