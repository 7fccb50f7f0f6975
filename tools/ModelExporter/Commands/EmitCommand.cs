using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge emit</c>: a model as source code.</summary>
internal static class EmitCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var target = new Option<string>("--target") { Description = "nano: C# for .NET nanoFramework.", DefaultValueFactory = _ => "nano" };
        target.AcceptOnlyFromAmong("nano");
        var form = new Option<string>("--form")
        {
            Description = "code: straight-line code, the fastest; table: the model's bytes, run by EdgeInference.Nano; resource: the same, with the bytes in a separate file that is read in chunks; auto: the first of these that fits.",
            DefaultValueFactory = _ => "auto",
        };
        form.AcceptOnlyFromAmong("auto", "code", "table", "resource");
        var output = new Option<string?>("--output", "-o") { Description = "The .cs file to write; further assemblies are written next to it. Required, unless --project or --engine is given." };
        var engine = new EngineFolder();
        var project = new ProjectFolder();
        var space = new Option<string>("--namespace") { Description = "Namespace of the class.", DefaultValueFactory = _ => "Models" };
        var name = new Option<string?>("--class") { Description = "Name of the class; the file name by default, Model in a project." };
        var assemblies = new Option<int>("--assemblies") { Description = "Maximum number of assemblies for the code.", DefaultValueFactory = _ => 1 };
        var scale = new Option<string?>("--counts-scale") { Description = "Adds Classify(int[] counts), which scales raw sensor counts without float: real units per count, one number for all features or one for each, separated by commas." };
        var offset = new Option<string?>("--counts-offset") { Description = "Added to a count before scaling: real = (count + offset) * scale." };
        Option<string?> board = BoardOption.Create();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("emit", "Writes a model as C# for .NET nanoFramework, or the engine that it uses.") { model, target, form, output, space, name, assemblies, scale, offset, board, json };
        foreach (Option option in engine.Options.Concat(project.Options))
        {
            command.Add(option);
        }

        command.SetAction(result =>
        {
            string modelPath = result.GetRequiredValue(model);
            if (engine.IsAsked(result, [output, form, space, name, assemblies, scale, offset, board, .. project.Options]))
            {
                engine.Write(result, modelPath, result.GetValue(json));
                return EdgeCommand.Done;
            }

            NanoBoard? asked = BoardOption.Of(result, board);
            string? folder = project.Of(result, output);
            string path = folder ?? result.GetValue(output) ?? throw new UsageException("Option '--output' is required; write -o and a .cs file, --project and a folder, or --engine and a folder.");
            if (folder is null)
            {
                OutputPaths.Check([("the model", modelPath)], [("--output", path)]);
                Terminal.LeaveTo(path, result.GetValue(json));
            }

            string stem = folder is null ? Path.GetFileName(path).Split('.')[0] : "Model";
            string className = EmitNames.Identifier(result.GetValue(name) ?? stem, "--class");
            var options = new EmitOptions(EmitNames.Identifier(result.GetRequiredValue(space), "--namespace"), className, result.GetRequiredValue(assemblies))
            {
                FilePrefix = folder is not null || className == stem ? "" : stem + ".",
                Form = Enum.Parse<EmitForm>(result.GetRequiredValue(form), ignoreCase: true),
                Counts = Counts(result.GetValue(scale), result.GetValue(offset), result.GetRequiredValue(form)),
            };
            using var edge = ModelLoader.Load(modelPath);
            EmittedModel emitted;
            int files;
            if (folder is null)
            {
                emitted = NanoForms.Emit(edge.File.Bytes.Memory, options);
                files = emitted.Files.Count;
                OutputPaths.Check([("the model", modelPath)], [.. Targets(path, emitted).Select(target => ("--output", (string?)target))]);
                Write(path, emitted);
            }
            else
            {
                (emitted, IReadOnlyList<string> paths) = project.Write(result, modelPath, folder, edge.File.Bytes.Memory, options, asked);
                files = paths.Count;
                Terminal.Notes.WriteLine($"Wrote {folder}: {string.Join(", ", paths.Select(Path.GetFileName))}.");
            }

            var cost = EmitCost.Of(emitted, edge.File.Bytes.Memory, asked);
            cost.Say();
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { Output = path, Files = files, Instructions = emitted.MachineInstructions, cost.Milliseconds, emitted.NeedsEngine, Board = cost.Name, cost.Fits });
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static CountScaling? Counts(string? scale, string? offset, string form)
    {
        if (scale is null && offset is not null)
        {
            throw new UsageException("--counts-offset needs --counts-scale.");
        }

        return scale is null || form is "code" or "auto"
            ? scale is null ? null : CountScaling.Parse(scale, offset)
            : throw new UsageException($"--counts-scale is for straight-line code, --form code, and not for --form {form}.");
    }

    // The resource, the further assemblies, and the file that was asked for.
    private static IEnumerable<string> Targets(string path, EmittedModel emitted)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        IEnumerable<string> beside = emitted.Files.SkipLast(1).Select(file => file.Name);
        return (emitted.Resource is { } resource ? beside.Prepend(resource.Name) : beside).Select(name => Path.Combine(folder, name)).Append(path);
    }

    private static void Write(string path, EmittedModel emitted)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        if (emitted.Resource is { } resource)
        {
            string data = Path.Combine(folder, resource.Name);
            AtomicFile.Write(data, resource.Bytes.Span);
            Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {data}: {resource.Bytes.Length:N0} bytes."));
        }

        for (int i = 0; i < emitted.Files.Count; i++)
        {
            EmittedFile file = emitted.Files[i];
            string target = i == emitted.Files.Count - 1 ? path : Path.Combine(folder, file.Name);
            AtomicFile.Write(target, file.Text);
            Terminal.Notes.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Wrote {target}: {file.InstructionBytes:N0} bytes of IL at most, {file.ConstantBytes:N0} bytes of constants."));
        }
    }
}
