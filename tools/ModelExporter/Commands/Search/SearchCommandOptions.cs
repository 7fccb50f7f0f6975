using System.CommandLine;
using System.Diagnostics;
using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Commands.Search;

/// <summary>Options of <c>edge train</c> that say how a model is looked for.</summary>
internal sealed class SearchCommandOptions
{
    private const double WorkUnit = 1e9;

    private static readonly CandidateCatalogue catalogue = DefaultCatalogue.Make();
    private static readonly string[] learners = [.. catalogue.Learners.Select(learner => learner.Name).Distinct()];

    private readonly Option<string?> learner = new Option<string?>("--learner") { Description = $"Try this kind of model only: {string.Join(", ", learners)}." }.Offer(learners);
    private readonly Option<string?> budget = new("--budget") { Description = "What the model may take on a board, for example esp32:1ms,8KB." };
    private readonly Option<string?> group = new("--group") { Description = "A column whose rows stay together in cross-validation, such as the machine; it is not a feature." };
    private readonly Option<string?> time = new("--time") { Description = "A column of times: each part is judged by what came before; it is not a feature. With --signals the samples' seconds, which say where a gap is; 'time' by default." };
    private readonly Option<bool> balanced = new("--balanced") { Description = "Rows of rare classes weigh more, so that all classes weigh the same." };
    private readonly Option<double> work = new("--work") { Description = "What the search may take, in billions of multiplications; the same work gives the same model.", DefaultValueFactory = _ => SearchOptions.DefaultWork / WorkUnit };
    private readonly Option<double?> minutes = new("--minutes") { Description = "Begin no further candidate after this time. The result then depends on the machine." };

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[learner, budget, group, time, balanced, work, minutes])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The column of --group, or null.</summary>
    internal string? Group(ParseResult result) => result.GetValue(group);

    /// <summary>The column of --time, or null.</summary>
    internal string? Time(ParseResult result) => result.GetValue(time);

    /// <summary>The first of these options that is given and says how to look for a model, or null.</summary>
    internal string? Given(ParseResult result, bool isRecording) => ((Option[])[learner, budget, group, .. isRecording ? (Option[])[] : [time], balanced, work, minutes]).FirstOrDefault(option => result.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Checks what can be checked before rows are read.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="isRecording">Whether the data is a recording, whose times say where gaps are.</param>
    /// <exception cref="InputException">Two options do not go together.</exception>
    internal void Check(ParseResult result, bool isRecording)
    {
        if (!isRecording && Group(result) is not null && Time(result) is not null)
        {
            throw new UsageException("--group and --time divide the rows in different ways; give one of them.");
        }
    }

    /// <summary>What the command line says; nothing of rows.</summary>
    /// <exception cref="InputException">An option is outside its range.</exception>
    internal SearchOptions Of(ParseResult result, ulong seed, Precision? precision)
    {
        double billions = result.GetValue(work);
        double? limit = result.GetValue(minutes);
        if (!(billions > 0 && billions <= long.MaxValue / WorkUnit / 2))
        {
            throw new UsageException($"--work {billions} is not a number above 0.");
        }

        if (limit is { } given && !(given > 0 && double.IsFinite(given)))
        {
            throw new UsageException($"--minutes {given} is not a number above 0.");
        }

        var clock = Stopwatch.StartNew();
        if (limit is not null)
        {
            Terminal.Say("With --minutes another machine or another run may choose another model; use --work for the same model everywhere.");
        }

        string? only = result.GetValue(learner)?.ToLowerInvariant();
        UsageException.Check(() => catalogue.CheckName(only));
        return new SearchOptions
        {
            Learner = only,
            Seed = seed,
            Work = (long)(billions * WorkUnit),
            IsOver = () => limit is { } most && clock.Elapsed.TotalMinutes > most,
            Budget = result.GetValue(budget) is { } text ? UsageException.Of(() => DeviceBudget.Parse(text)) : null,
            BalancesClasses = result.GetValue(balanced),
            Precision = precision,
        };
    }
}
