using EdgeRuntime;

// Loads a model, runs it as often as the second argument says (once), and exits: what a start costs, and, by the
// difference under callgrind, what an inference costs in instructions.
using EdgeModel model = EdgeModel.Load(args[0]);
using Session session = model.CreateSession();
float[] input = new float[session.InputLength];
float[] output = new float[session.OutputLength];
int times = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
for (int i = 0; i < times; i++)
{
    session.Run(input, output);
}

// Not by Console, which sets up encodings and terminals for many pages of memory.
Span<byte> text = stackalloc byte[32];
output[0].TryFormat(text, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
text[length++] = (byte)'\n';
using var standardOutput = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
standardOutput.Write(text[..length]);
