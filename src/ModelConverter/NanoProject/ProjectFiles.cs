using System.Security.Cryptography;
using System.Text;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.NanoEngine;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoProject;

/// <summary>A nanoFramework program for one model: project, solution, packages, program and model, to be built and deployed as they are.</summary>
internal static class ProjectFiles
{
    /// <summary>File names and texts; the same model and options give the same.</summary>
    /// <param name="bytes">The .edge file.</param>
    /// <param name="plan">Name, sensor and board.</param>
    /// <param name="options">Names and form; one assembly.</param>
    /// <param name="model">The emitted model.</param>
    /// <exception cref="InputException">The model is carried by a resource, a name is the program's own, or the engine lacks an operator.</exception>
    internal static IReadOnlyList<(string Name, string Text)> Of(ReadOnlyMemory<byte> bytes, ProjectPlan plan, EmitOptions options, EmittedModel model)
    {
        if (model.Resource is not null)
        {
            throw new InputException("--project carries the model in the program's code or constants, and this one is too large for both; put the .edge file on internal storage, or emit with --form resource and a project of your own (edge help esp32).");
        }

        if (plan.Signals is not null && options.Counts is not null)
        {
            throw new InputException("--counts-scale makes the model's values of raw counts, and this model's pipeline does that; omit --counts-scale and --counts-offset.");
        }

        if (model.Files.Count > 1)
        {
            throw new InputException($"--project writes one assembly, and this model's code takes {model.Files.Count}; use --form table, or --assemblies with projects of your own.");
        }

        ModelFile file = ModelFile.Read(new ModelBytes(bytes));
        bool isTable = model.Instructions == 0;
        var sources = new List<(string Name, string Text)> { ("Program.cs", ProgramText.Program(file, plan, options, isTable)) };
        if (ProgramText.Sensor(plan, options) is { } sensor)
        {
            sources.Add(("Sensor.cs", sensor));
        }

        CheckName(sources, options.ClassName);
        sources = [.. sources.Select(source => (source.Name, source.Text.Replace(ProgramText.ModelName, options.ClassName, StringComparison.Ordinal)))];
        sources.Add((model.Files[0].Name, model.Files[0].Text));

        // What the file's engine needs is emitted too. Code calls functions of the package, which has every one.
        bool hasEngine = isTable;
        if (hasEngine)
        {
            sources.Add((EngineEmitter.SourceName, EngineEmitter.Emit(file, null, false).Files[0].Text));
        }

        NanoPackage[] packages = [.. Packages(plan, model.NeedsEngine && !hasEngine)];
        string id = Id(plan.Name);
        return
        [
            .. sources,
            ($"{plan.Name}.nfproj", ProjectXml.Project(plan.Name, options.Namespace, id, "Exe", sources.Select(source => source.Name), packages)),
            ($"{plan.Name}.sln", Solution(plan.Name, id)),
            ("packages.config", ProjectXml.Packages(packages)),
            ("README.md", ProjectReadme.Text(plan, options, model.NeedsEngine && !hasEngine)),
        ];
    }

    /// <summary>Whether pins are set by the package for ESP32.</summary>
    internal static bool IsEsp32(NanoBoard board) => board.Name.StartsWith("ESP32", StringComparison.Ordinal);

    /// <summary>The solution: Visual Studio Code's extension opens nothing else.</summary>
    internal static string Solution(string name, string id)
    {
        var text = new StringBuilder("\nMicrosoft Visual Studio Solution File, Format Version 12.00\n# Visual Studio Version 17\n");
        text.Append($"Project(\"{ProjectXml.Kind}\") = \"{name}\", \"{name}.nfproj\", \"{id}\"\nEndProject\nGlobal\n");
        text.Append("\tGlobalSection(SolutionConfigurationPlatforms) = preSolution\n\t\tDebug|Any CPU = Debug|Any CPU\n\t\tRelease|Any CPU = Release|Any CPU\n\tEndGlobalSection\n");
        text.Append("\tGlobalSection(ProjectConfigurationPlatforms) = postSolution\n");
        foreach (string configuration in (string[])["Debug", "Release"])
        {
            foreach (string step in (string[])["ActiveCfg", "Build.0", "Deploy.0"])
            {
                text.Append($"\t\t{id}.{configuration}|Any CPU.{step} = {configuration}|Any CPU\n");
            }
        }

        return text.Append("\tEndGlobalSection\nEndGlobal\n").ToString();
    }

    private static IEnumerable<NanoPackage> Packages(ProjectPlan plan, bool needsEngine)
    {
        if (needsEngine)
        {
            yield return NanoPackage.Engine;
        }

        yield return NanoPackage.CoreLibrary;
        if (plan.Sensor == ProjectSensor.I2c && IsEsp32(plan.Board))
        {
            yield return NanoPackage.HardwareEsp32;
            yield return NanoPackage.RuntimeEvents;
        }

        if (plan.Sensor != ProjectSensor.None)
        {
            yield return plan.Sensor == ProjectSensor.Adc ? NanoPackage.Adc : NanoPackage.I2c;
        }
    }

    private static void CheckName(IEnumerable<(string Name, string Text)> sources, string name)
    {
        foreach ((string file, string text) in sources)
        {
            if (SourceLexer.Tokens(text).Any(token => token.Kind == SourceTokenKind.Word && token.Text == name))
            {
                throw new InputException($"The class name '{name}' stands in the project's {file}; give another with --class.");
            }
        }
    }

    // From the name, so that the same command gives the same bytes.
    private static string Id(string name)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("EdgeInference project " + name));
        return new Guid(hash.AsSpan(0, 16)).ToString("B").ToUpperInvariant();
    }
}
