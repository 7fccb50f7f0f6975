using System.Runtime.CompilerServices;

// Its hand-written model, what the engine is measured against, reads weights and parameters from the file itself.
[assembly: InternalsVisibleTo("EdgeRuntime.Nano.DeviceTests")]
