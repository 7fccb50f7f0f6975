using System.Runtime.CompilerServices;

// Its hand-written model, what the engine is measured against, reads weights and parameters from the file itself.
[assembly: InternalsVisibleTo("EdgeRuntime.Nano.DeviceTests")]

// Runs the self-test vectors of a file, compares contracts and finds the signature block.
[assembly: InternalsVisibleTo("EdgeInference.Nano.Updates")]

// Reads the record of a signal pipeline.
[assembly: InternalsVisibleTo("EdgeInference.Nano.Signals")]
