using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Commands.Rows;

/// <summary>Where answers go, and in which form.</summary>
internal sealed class AnswerTarget
{
    private readonly Kind kind;

    private AnswerTarget(string? path, Kind kind)
    {
        Path = path;
        this.kind = kind;
    }

    private enum Kind
    {
        Csv,
        Json,
        Array,
    }

    /// <summary>The file; null for standard output.</summary>
    internal string? Path { get; }

    /// <summary>The target that a command line names.</summary>
    /// <param name="path">The file of --output, or null.</param>
    /// <param name="json">Whether JSON is asked for.</param>
    /// <exception cref="InputException">The file's ending says that it is of another kind.</exception>
    internal static AnswerTarget Of(string? path, bool json)
    {
        string ending = path is null or OutputTarget.StandardOutput ? "" : System.IO.Path.GetExtension(path).ToUpperInvariant();
        Kind? kind = ending switch
        {
            "" => json ? Kind.Json : Kind.Csv,
            ".CSV" or ".TXT" => Kind.Csv,
            ".JSON" => Kind.Json,
            ".NPY" => Kind.Array,
            _ => OutputTarget.Of(path!).IsStream ? json ? Kind.Json : Kind.Csv : null,
        };
        return kind is not { } known ? throw new InputException($"'{path}' has the ending '{System.IO.Path.GetExtension(path)}', which 'edge run' does not write; name a .csv, .json or .npy.")
            : json && known != Kind.Json ? throw new UsageException($"--json writes JSON, and '{path}' is named as another kind of file; name a .json or omit --json.")
            : new AnswerTarget(path, known);
    }

    /// <summary>Writes the answers.</summary>
    internal void Write(AnswerForm form, Answer[] answers)
    {
        if (kind == Kind.Array)
        {
            AtomicFile.Write(Path!, NpyFile.Write([answers.Length, form.Outputs.Count], [.. answers.SelectMany(answer => answer.Outputs)]));
            return;
        }

        string text = kind == Kind.Json ? AnswerWriter.Json(form, answers) : AnswerWriter.Csv(form, answers);
        if (Path is null)
        {
            Console.Out.Write(text);
        }
        else
        {
            AtomicFile.Write(Path, text);
        }
    }
}
