using System.Collections.Concurrent;

namespace EdgeInference.Mutation;

/// <summary>One run: copy, mutate, build, test, say.</summary>
internal sealed class Campaign(Options options, TextWriter log)
{
    /// <summary>Some drawn mutants do not compile.</summary>
    private const double Spare = 1.3;

    private const string Solution = "Mutation.slnx";

    private readonly List<string> wrong = [];

    private readonly ConcurrentBag<Verdict> verdicts = [];

    private readonly List<TestClass> classes = [];

    /// <summary>Whether the lists hold: every fault applies, and every one is caught.</summary>
    internal async Task<bool> RunAsync()
    {
        if (options.CheckOnly)
        {
            List<Mutant> applied = Listed(new Originals(options.Root));
            foreach (Mutant mutant in applied.Where(mutant => mutant.Active is null))
            {
                log.WriteLine($"{mutant.Fault!.Where}: {mutant.Name} is built alone");
            }

            log.WriteLine($"{applied.Count} faults apply ({applied.Count(mutant => mutant.Active is null)} to be built alone), {wrong.Count} do not");
            return wrong.Count == 0;
        }

        options.MakeWork();
        log.WriteLine($"work folder: {options.Work}");
        var copy = new WorkCopy(options.Root, options.Work);
        var building = new Building(copy, log);
        List<Mutant> mutants = Numbered(options.Random ? Drawn(copy) : Listed(copy.Originals));
        if (mutants.Count == 0)
        {
            throw new MutationException("There is nothing to try.");
        }

        string[] projects = Projects(copy);
        copy.Write(Solution, $"<Solution>\n{string.Concat(projects.Select(name => $"  <Project Path=\"tests/{name}/{name}.csproj\" />\n"))}</Solution>\n");
        log.WriteLine($"{mutants.Count} mutants, {projects.Length} test projects: building");
        List<Mutant> switched = await building.BuildAllAsync(Solution, mutants);
        List<Mutant> rest = [.. mutants.Except(switched)];
        if (options.Random)
        {
            log.WriteLine($"{rest.Count} of {mutants.Count} mutants do not compile");
            switched = [.. switched.GroupBy(mutant => mutant.Area).SelectMany(area => area.Take(options.Count))];
        }

        foreach (string name in projects)
        {
            classes.AddRange(await new TestProject(copy.Folder, name).ClassesAsync());
        }

        var baseline = new Baseline(classes, options.Work, mutants.Count, options.Parallel, log);
        if (!options.Random)
        {
            await baseline.MeasureAsync(mutants.SelectMany(Named).Select(named => named.Test), trace: false);
        }

        List<Mutant> left = options.Random ? switched : await NamedAsync(switched);
        if (options.Named && !options.Random)
        {
            left.ForEach(mutant => Say(new Verdict(mutant, false, false, [], null, 0)));
        }
        else if (left.Count > 0)
        {
            List<TestClass> usable = await baseline.AllAsync(trace: true);
            await EachAsync(left, async mutant => await Trial.OfTestsAsync(mutant, mutant.Number, [.. usable.Where(test => test.Reached[mutant.Number])]));
        }

        if (!options.Random)
        {
            await RebuiltAsync(copy, building, baseline, switched, rest);
        }

        var score = new Score([.. verdicts.OrderBy(verdict => verdict.Mutant.Number)], wrong);
        score.Write(options);
        log.WriteLine(score.Text);
        if (!options.Keep)
        {
            Directory.Delete(copy.Folder, recursive: true);
        }

        return wrong.Count == 0 && (options.Random || verdicts.All(verdict => verdict.Caught));
    }

    private static List<Mutant> Numbered(List<Mutant> mutants)
    {
        foreach ((int index, Mutant mutant) in mutants.Index())
        {
            mutant.Number = index + 1;
        }

        return mutants;
    }

    private List<Mutant> Drawn(WorkCopy copy)
    {
        var drawn = new List<Mutant>();
        foreach (string area in options.Areas)
        {
            List<Mutant> all = [.. copy.Files([area]).SelectMany(file => AutomaticMutants.In(copy.Originals[file], file, area))];
            drawn.AddRange(Draw.From(all, (int)Math.Ceiling(options.Count * Spare) + 2, new Random(options.Seed)));
            log.WriteLine($"{area}: {all.Count} automatic mutants");
        }

        return drawn;
    }

    private List<Mutant> Listed(Originals originals)
    {
        var found = new List<Mutant>();
        foreach (Fault fault in FaultList.ReadFolder(options.Faults, options.Areas).Where(fault => options.Only.Length == 0 || options.Only.Contains(fault.Name)))
        {
            try
            {
                found.Add(FaultPlaces.Find(fault, originals[fault.File]));
            }
            catch (MutationException exception)
            {
                wrong.Add(exception.Message.StartsWith(fault.Where, StringComparison.Ordinal) ? exception.Message : $"{fault.Where}: {fault.Name}: {exception.Message}");
                log.WriteLine(wrong[^1]);
            }
        }

        return found;
    }

    private string[] Projects(WorkCopy copy) =>
        [.. Directory.GetDirectories(Path.Combine(copy.Folder, "tests"), "*.Tests").Select(folder => Path.GetFileName(folder)!)
            .Where(name => File.Exists(Path.Combine(copy.Folder, "tests", name, name + ".csproj")) && name != "Mutation.Tests")
            .Where(name => options.Tests.Length == 0 || options.Tests.Contains(name)).Order(StringComparer.Ordinal)];

    /// <summary>Tries the tests that the lists name; returns the mutants that they do not catch.</summary>
    private async Task<List<Mutant>> NamedAsync(List<Mutant> mutants)
    {
        var left = new ConcurrentBag<Mutant>();
        await EachAsync(mutants, async mutant =>
        {
            Verdict? verdict = await Trial.OfNamedAsync(mutant, mutant.Number, Usable(mutant));
            if (verdict is null)
            {
                left.Add(mutant);
            }

            return verdict;
        });
        return [.. left.OrderBy(mutant => mutant.Number)];
    }

    /// <summary>Faults that no switch can hold are built one by one.</summary>
    private async Task RebuiltAsync(WorkCopy copy, Building building, Baseline baseline, List<Mutant> switched, List<Mutant> rest)
    {
        foreach (Mutant mutant in rest)
        {
            string original = copy.Originals[mutant.File];
            Edit plain = mutant.Plain!;
            copy.Write(mutant.File, string.Concat(original.AsSpan(0, plain.Span.Start), plain.NewText, original.AsSpan(plain.Span.End)));
            CommandResult built = await building.BuildAsync(Solution, restore: false);
            if (built.Code != 0)
            {
                wrong.Add($"{mutant.Fault!.Where}: {mutant.Name} does not compile: {Building.Tail(built.Output).Split('\n')[0]}");
                log.WriteLine(wrong[^1]);
            }
            else
            {
                Verdict verdict = await Trial.OfNamedAsync(mutant, 0, Usable(mutant), rebuilt: true)
                    ?? (options.Named ? new Verdict(mutant, false, false, [], null, 0, true)
                        : await Trial.OfTestsAsync(mutant, 0, await baseline.AllAsync(trace: false), rebuilt: true));
                Say(verdict);
            }

            copy.Write(mutant.File, new Instrumented(original, switched.Where(other => other.File == mutant.File)).Text);
        }

        if (rest.Count > 0)
        {
            await building.BuildAsync(Solution, restore: false);
        }
    }

    private List<(TestClass Test, string? Method)> Usable(Mutant mutant) => [.. Named(mutant).Where(named => !named.Test.Unusable)];

    private List<(TestClass Test, string? Method)> Named(Mutant mutant)
    {
        var named = new List<(TestClass, string?)>();
        foreach (string name in mutant.Fault!.Tests)
        {
            List<TestClass> found = [.. classes.Where(test => Ends(test.Name, name))];
            int dot = name.LastIndexOf('.');
            named.AddRange(found.Count > 0 || dot < 0
                ? found.Select(test => (test, (string?)null))
                : classes.Where(test => Ends(test.Name, name[..dot])).Select(test => (test, (string?)name[(dot + 1)..])));
        }

        return named;
    }

    private static bool Ends(string full, string name) => full == name || full.EndsWith('.' + name, StringComparison.Ordinal);

    private async Task EachAsync(List<Mutant> mutants, Func<Mutant, Task<Verdict?>> trial) =>
        await System.Threading.Tasks.Parallel.ForEachAsync(mutants, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (mutant, _) =>
        {
            if (await trial(mutant) is Verdict verdict)
            {
                Say(verdict);
            }
        });

    private void Say(Verdict verdict)
    {
        if (verdict.Caught && verdict.Reached is not null && verdict.Mutant.Fault is { Tests.Count: > 0 })
        {
            verdict = verdict with { ByOthers = true };
        }

        verdicts.Add(verdict);
        lock (verdicts)
        {
            log.WriteLine(Score.Line(verdict));
        }
    }
}
