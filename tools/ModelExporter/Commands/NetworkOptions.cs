using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Commands;

/// <summary>Options of <c>edge train</c> that say what is trained, and how: layers, optimizer and when to stop.</summary>
internal sealed class NetworkOptions
{
    private static readonly TrainingOptions defaults = new();

    private static readonly string[] activations = [.. ActivationFunctions.All.Select(function => function.Name)];

    private readonly Option<string> hidden = new("--hidden") { Description = "Units of each hidden layer, for example 16,8.", DefaultValueFactory = _ => string.Join(',', defaults.HiddenSizes) };
    private readonly Option<string?> activation = new Option<string?>("--activation") { Description = $"Activation of the hidden layers: {string.Join(", ", activations)}, in any case.", DefaultValueFactory = _ => "relu" }.Offer(activations);
    private readonly Option<OptimizerKind> optimizer = new("--optimizer") { Description = "Adam, with a step size for each weight, or Sgd: plain gradient descent.", DefaultValueFactory = _ => defaults.Optimizer };
    private readonly Option<int> epochs = new("--epochs") { Description = "Maximum number of passes over the data.", DefaultValueFactory = _ => defaults.Epochs };
    private readonly Option<double?> rate = new("--learning-rate") { Description = "Step size." };
    private readonly Option<int> batch = new("--batch") { Description = "Rows per step.", DefaultValueFactory = _ => defaults.BatchSize };
    private readonly Option<double> l2 = new("--l2") { Description = "Penalty on the squares of the weights.", DefaultValueFactory = _ => defaults.L2 };
    private readonly Option<double> validation = new("--validation") { Description = "Share of the rows used to decide when to stop.", DefaultValueFactory = _ => defaults.ValidationFraction };
    private readonly Option<int> patience = new("--patience") { Description = "Epochs without a better validation loss before training stops.", DefaultValueFactory = _ => defaults.Patience };
    private readonly Option<ulong> seed = new("--seed") { Description = "The same seed gives the same model, to the bit.", DefaultValueFactory = _ => defaults.Seed };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[hidden, activation, optimizer, epochs, rate, batch, l2, validation, patience, seed])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The first of these options that is given, or null; --seed goes with everything.</summary>
    internal string? Given(ParseResult result) => ((Option[])[hidden, activation, optimizer, epochs, rate, batch, l2, validation, patience]).FirstOrDefault(option => result.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>The seed.</summary>
    internal ulong Seed(ParseResult result) => result.GetValue(seed);

    /// <summary>What the command line says.</summary>
    /// <exception cref="UsageException">A value is none of its option.</exception>
    internal TrainingOptions Of(ParseResult result)
    {
        TrainingOptions options = Read(result);
        UsageException.Check(options.Check);
        return options;
    }

    private TrainingOptions Read(ParseResult result) => new()
    {
        HiddenSizes = ParseHidden(result.GetRequiredValue(hidden)),
        HiddenActivation = ParseActivation(result.GetRequiredValue(activation)!),
        Optimizer = result.GetValue(optimizer),
        Epochs = result.GetValue(epochs),
        LearningRate = result.GetValue(rate),
        BatchSize = result.GetValue(batch),
        L2 = result.GetValue(l2),
        ValidationFraction = result.GetValue(validation),
        Patience = result.GetValue(patience),
        Seed = result.GetValue(seed),
    };

    private static int[] ParseHidden(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.ConvertAll(parts, part => int.TryParse(part, CultureInfo.InvariantCulture, out int units)
            ? units
            : throw new UsageException($"The hidden sizes '{text}' are not integers separated by commas; write for example 16,8."));
    }

    private static ActivationKind ParseActivation(string text)
    {
        if (ActivationFunctions.Find(text) is { } function)
        {
            return function.Kind;
        }

        string nearest = Suggestion.Nearest(text, activations);
        throw new UsageException($"Unknown activation '{text}'; {(nearest.Length > 0 ? $"did you mean '{nearest}'?" : $"choose one of {string.Join(", ", activations)}.")}");
    }
}
