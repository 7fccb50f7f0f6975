using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.NanoEngine;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge emit --engine</c>: the sources of an engine that has what one model uses.</summary>
internal sealed class EngineFolder
{
    private readonly Option<string?> folder = new("--engine") { Description = "A folder for the sources of an EdgeInference.Nano with just what this model uses, to be deployed instead of the package where flash is short." };
    private readonly Option<bool> noClassifier = new("--no-classifier") { Description = "With --engine: leaves the class Classifier out." };
    private readonly Option<bool> chunks = new("--chunks") { Description = "With --engine: takes in what reads a model in chunks, as --form resource needs it." };

    /// <summary>The options.</summary>
    internal IEnumerable<Option> Options => [folder, noClassifier, chunks];

    /// <summary>Whether an engine is asked for.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="others">What is for code only.</param>
    /// <exception cref="InputException">Options of both are given.</exception>
    internal bool IsAsked(ParseResult result, IEnumerable<Option> others)
    {
        if (result.GetValue(folder) is not null)
        {
            Option? other = others.FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
            return other is null ? true : throw new UsageException($"--engine writes an engine and {other.Name} is for code; emit twice, once with each.");
        }

        Option? own = Options.FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
        return own is null ? false : throw new InputException($"{own.Name} needs --engine and a folder.");
    }

    /// <summary>Writes the engine.</summary>
    internal void Write(ParseResult result, string model, bool json)
    {
        string target = result.GetValue(folder)!;
        if (target is "" or InputFile.StandardInput || File.Exists(target))
        {
            throw new InputException($"--engine '{target}' is not a folder; give a folder for the engine's three files.");
        }

        using var edge = ModelLoader.Load(model);
        EmittedEngine engine = EngineEmitter.Emit(edge.File, result.GetValue(noClassifier) ? false : null, result.GetValue(chunks));
        (string Path, string Text)[] files = [.. engine.Files.Select(file => (Path.Combine(target, file.Name), file.Text))];
        OutputPaths.Check([("the model", model)], [.. files.Select(file => ("--engine", (string?)file.Path))]);
        Directory.CreateDirectory(target);
        foreach ((string path, string text) in files)
        {
            AtomicFile.Write(path, text);
        }

        if (json)
        {
            JsonOutput.Print(new { Engine = target, Files = files.Length, engine.Types, engine.AssemblyBytes });
        }

        Terminal.Notes.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {files[0].Path} and its project: {engine.Types} types, about {engine.AssemblyBytes:N0} bytes on a device (estimated); it runs models of these operators: {string.Join(", ", engine.Operators)}."));
    }
}
