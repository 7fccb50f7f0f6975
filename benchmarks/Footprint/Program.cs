using EdgeInference.Runtime;

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

// By the stream: Console's writer would set up encodings first.
Span<byte> text = stackalloc byte[32];
output[0].TryFormat(text, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
text[length++] = (byte)'\n';
using Stream standardOutput = Console.OpenStandardOutput();
standardOutput.Write(text[..length]);
