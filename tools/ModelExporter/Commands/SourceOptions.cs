using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeInference.Tool.Commands;

/// <summary>The options that say of a trained model what its file leaves open, shared by the commands that import one.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> layers = CommonOptions.Layers();
    private readonly Option<string[]> dimensions = new("--dim") { Description = "NAME=SIZE of an open dimension of an ONNX model's inputs, such as time=50; INPUT.AXIS=SIZE if it has no name. Can be repeated." };
    private readonly Option<int?> batch = new("--batch") { Description = "Rows per inference, for ONNX models; 1 by default." };
    private readonly Option<string?> inputs = new("--inputs") { Description = "Names of the tensors to take as inputs, in the order of their values in a row, separated by commas; for ONNX models also inner tensors. The file's by default." };
    private readonly Option<string?> outputs = new("--outputs") { Description = "Names of the tensors to keep as outputs, separated by commas; the file's by default." };

    internal SourceOptions()
    {
        dimensions.Validators.Add(result => Check(result, token => Dimension(token) is null, "is not NAME=SIZE with a size of 1 or more; write for example --dim time=50."));
        batch.Validators.Add(result => Check(result, token => !IsSize(token, out _), "is not a number of rows; give 1 or more."));
    }

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(layers);
        command.Add(inputs);
        command.Add(outputs);
        command.Add(dimensions);
        command.Add(batch);
    }

    /// <summary>The file of --layers, or null.</summary>
    internal string? Layers(ParseResult result) => result.GetValue(layers);

    /// <summary>What was said of the model.</summary>
    /// <exception cref="InputException">A dimension was given two sizes.</exception>
    internal ImportOptions Of(ParseResult result)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string name, int size) in (result.GetValue(dimensions) ?? []).Select(text => Dimension(text)!.Value))
        {
            if (!sizes.TryAdd(name, size) && sizes[name] != size)
            {
                throw new UsageException($"--dim gives '{name}' two sizes, {sizes[name]} and {size}; give one.");
            }
        }

        return new ImportOptions
        {
            Layers = result.GetValue(layers),
            Inputs = CommonOptions.Split(result.GetValue(inputs)),
            Outputs = CommonOptions.Split(result.GetValue(outputs)),
            Dimensions = sizes,
            Batch = result.GetValue(batch),
        };
    }

    private static void Check(OptionResult result, Func<string, bool> isWrong, string problem)
    {
        if (result.Tokens.FirstOrDefault(token => isWrong(token.Value)) is { } token)
        {
            result.AddError($"{result.Option.Name} '{token.Value}' {problem}");
        }
    }

    // A name may hold '=' itself; the size is behind the last one.
    private static (string Name, int Size)? Dimension(string text)
    {
        int at = text.LastIndexOf('=');
        return at > 0 && IsSize(text[(at + 1)..], out int size) ? (text[..at].Trim(), size) : null;
    }

    private static bool IsSize(string text, out int size) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size > 0;
}
