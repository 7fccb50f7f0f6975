using System.CommandLine;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    private static readonly string[] engines = [.. Enum.GetNames<EngineKind>().Select(name => name.ToLowerInvariant())];

    internal static Option<string> Engine()
    {
        var option = new Option<string>("--engine")
        {
            Description = "fast: the best kernels of this processor; reference: the scalar ones; nano: EdgeInference.Nano's own code.",
            DefaultValueFactory = _ => engines[0],
        };
        option.AcceptOnlyFromAmong(engines);
        return option;
    }

    /// <summary>The engine that <see cref="Engine"/> names.</summary>
    internal static EngineKind EngineOf(ParseResult result, Option<string> option) => Enum.Parse<EngineKind>(result.GetRequiredValue(option), ignoreCase: true);

    internal static Option<string?> State() => new("--state", "-s") { Description = "What the model learned on a device or by 'edge adapt', as .edgestate: decide with it." };

    /// <summary>The kernels of an engine that decides with a state.</summary>
    /// <exception cref="UsageException">The engine does not take one.</exception>
    internal static KernelSet KernelsOf(EngineKind kind) => kind switch
    {
        EngineKind.Fast => KernelSet.Fast,
        EngineKind.Reference => KernelSet.Reference,
        _ => throw new UsageException("--state is for the engines fast and reference; the same state gives the same decisions on a device."),
    };

    internal static Option<string> Output(string description) => new("--output", "-o") { Description = description, Required = true };

    internal static Option<string?> Labels() => new("--labels", "--classes") { Description = "Class names, separated by commas, class 0 first." };

    internal static Option<string?> Classes() => new("--classes") { Description = "The data's label for each class of the model, separated by commas, class 0 first." };

    /// <summary>Texts with commas between.</summary>
    internal static string[]? Split(string? text) => text?.Split(',', StringSplitOptions.TrimEntries);

    internal static Option<string?> Layers() => new("--layers") { Description = "The layers of weights without a model (.safetensors, .npz, .weights.h5), as .json or .yaml." };

    internal static Option<bool> Json() => new("--json") { Description = "JSON on standard output, for programs." };
}
