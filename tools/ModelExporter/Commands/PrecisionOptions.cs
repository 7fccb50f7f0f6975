using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Quantize;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>The options that choose a precision, shared by the commands that write models.</summary>
internal sealed class PrecisionOptions
{
    private const string Auto = "auto";

    private static readonly string[] names = ["float32", "int8", "int16", Auto];

    private readonly Option<string> precision = new("--precision", "-p") { Description = "float32, int8, int16, or auto: the cheapest for each layer that keeps the decisions.", DefaultValueFactory = _ => names[0] };
    private readonly Option<string> maxLoss = new("--max-loss") { Description = "For auto: share of rows whose decision may differ from float32.", DefaultValueFactory = _ => "0.5%" };
    private readonly Option<RangeMethod?> method = new("--calibration-method") { Description = "How ranges are chosen: MinMax, Percentile, MeanSquareError or Entropy. By default the tool tries all, with and without --equalize and bias correction, and takes the closest to float." };
    private readonly Option<bool> perTensor = new("--per-tensor") { Description = "One scale for all weights of a layer instead of one per channel." };
    private readonly Option<bool> noBiasCorrection = new("--no-bias-correction") { Description = "Leave biases as they are; with --calibration-method." };
    private readonly Option<bool> equalize = new("--equalize") { Description = "Equalize channel ranges between layers before quantizing; with --calibration-method." };

    internal PrecisionOptions() => precision.AcceptOnlyFromAmong(names);

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(precision);
        command.Add(maxLoss);
        command.Add(method);
        command.Add(perTensor);
        command.Add(noBiasCorrection);
        command.Add(equalize);
    }

    /// <summary>How the model is to be quantized.</summary>
    /// <exception cref="InputException">The loss that auto allows is not a share.</exception>
    internal QuantizeOptions Of(ParseResult result)
    {
        string name = result.GetRequiredValue(precision);
        var options = new QuantizeOptions
        {
            Precision = name == Auto ? null : Enum.Parse<Precision>(name, ignoreCase: true),
            Method = result.GetValue(method),
            PerChannel = !result.GetValue(perTensor),
            BiasCorrection = !result.GetValue(noBiasCorrection),
            Equalize = result.GetValue(equalize),
        };
        return name == Auto ? options with { MaxLoss = ParseLoss(result.GetRequiredValue(maxLoss)) } : options;
    }

    /// <summary>The word for a precision.</summary>
    internal static string Name(Precision? precision) => precision?.ToString().ToLowerInvariant() ?? Auto;

    /// <summary>Prints what auto chose and why; nothing for another precision.</summary>
    internal static void Print(AutoPrecisionResult? chosen)
    {
        if (chosen is null)
        {
            return;
        }

        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("layer", "precision", "output SNR in int8, dB", "weights", "MACs");
        foreach (LayerChoice layer in chosen.Layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name),
                layer.Precision.ToString().ToLowerInvariant(),
                layer.SignalToNoise.ToString("0.0", CultureInfo.InvariantCulture),
                layer.Weights.ToString("N0", CultureInfo.InvariantCulture),
                layer.MultiplyAccumulates.ToString("N0", CultureInfo.InvariantCulture));
        }

        Terminal.Console.Write(table);
        Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chosen.Loss:0.00%} of the calibration rows change their decision; layers start in int8, and the noisiest are raised until the loss fits."));
        Terminal.Notes.WriteLine(Losses(chosen.Losses));
    }

    // What a model without labels cannot be judged by is said, not left out.
    private static string Losses(PrecisionLoss loss) => loss.Accuracy is null
        ? string.Create(CultureInfo.InvariantCulture, $"Against float32: worst deviation {loss.Deviation:0.0000}. Accuracy, AUC and log loss need labelled rows: give --label.")
        : string.Create(CultureInfo.InvariantCulture, $"Against float32, by cross-validation: accuracy {-loss.Accuracy:+0.0000;-0.0000;0.0000}, AUC {Auc(loss)}, log loss {loss.LogLoss:+0.0000;-0.0000;0.0000}, worst deviation {loss.Deviation:0.0000}.");

    private static string Auc(PrecisionLoss loss) =>
        loss.Auc is { } lost ? (-lost).ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture) : "n/a";

    /// <summary>A share as 0.005 or 0.5%.</summary>
    internal static double ParseLoss(string text)
    {
        bool percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 100 && (percent || value <= 1)
            ? value / (percent ? 100 : 1)
            : throw new UsageException($"The loss '{text}' is not a share; write for example 0.5% or 0.005.");
    }
}
