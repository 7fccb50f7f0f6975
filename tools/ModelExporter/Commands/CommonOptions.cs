using System.CommandLine;

namespace ModelExporter.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    internal static Option<string> Engine()
    {
        var option = new Option<string>("--engine")
        {
            Description = "fast: the best kernels of this processor; reference: the scalar ones; nano: EdgeRuntime.Nano's own code.",
            DefaultValueFactory = _ => Engines.Names[0],
        };
        option.AcceptOnlyFromAmong(Engines.Names);
        return option;
    }

    internal static Option<string> Output(string description) => new("--output", "-o") { Description = description, Required = true };

    internal static Option<string?> Labels() => new("--labels") { Description = "Class names, separated by commas, that of class 0 first." };

    internal static Option<string?> Layers() => new("--layers") { Description = "The layers of a .safetensors or .npz file, as .json or .yaml." };

    internal static Option<bool> Json() => new("--json") { Description = "JSON on standard output, for programs." };
}
