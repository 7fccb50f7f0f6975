using System.Globalization;
using System.Runtime.CompilerServices;

namespace EdgeInference.Mutation;

/// <summary>What the command line asks for.</summary>
internal sealed class Options
{
    internal const string Usage = """
        faults [AREA...]             the faults that tests/Mutation/faults lists
        check [AREA...]              only whether these still apply; builds nothing
        random SEED COUNT [AREA...]  COUNT automatic mutants an area
        --root DIR      another checkout (default: this one)
        --faults DIR    another folder of lists
        --work DIR      where the copy and the results go (default: a temporary folder)
        --keep          leaves the copy
        --parallel N    mutants at a time (default 2)
        --tests A,B     these test projects only
        --only A,B      these listed faults only
        --named         only the tests that the lists name; what they miss counts as survived
        """;

    internal bool Random { get; private set; }

    internal bool CheckOnly { get; private set; }

    internal int Seed { get; private set; }

    internal int Count { get; private set; }

    internal List<string> Areas { get; } = [];

    internal string Root { get; private set; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    internal string Faults { get; private set; } = Path.Combine(Here(), "faults");

    internal string Work { get; private set; } = "";

    internal bool Keep { get; private set; }

    internal int Parallel { get; private set; } = 2;

    internal string[] Tests { get; private set; } = [];

    internal string[] Only { get; private set; } = [];

    internal bool Named { get; private set; }

    internal static Options Parse(string[] arguments)
    {
        var options = new Options();
        var words = new Queue<string>();
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new MutationException($"{arguments[i - 1]} needs a value.");
            switch (arguments[i])
            {
                case "--root": options.Root = Path.GetFullPath(Value()); break;
                case "--faults": options.Faults = Path.GetFullPath(Value()); break;
                case "--work": options.Work = Path.GetFullPath(Value()); break;
                case "--named": options.Named = true; break;
                case "--keep": options.Keep = true; break;
                case "--parallel": options.Parallel = Number(Value()); break;
                case "--tests": options.Tests = Value().Split(','); break;
                case "--only": options.Only = Value().Split(','); break;
                case string word when word.StartsWith("--", StringComparison.Ordinal): throw new MutationException($"There is no option {word}.");
                case string word: words.Enqueue(word); break;
            }
        }

        switch (words.Count > 0 ? words.Dequeue() : "")
        {
            case "faults": break;
            case "check": options.CheckOnly = true; break;
            case "random" when words.Count >= 2:
                options.Random = true;
                options.Seed = Number(words.Dequeue());
                options.Count = Number(words.Dequeue());
                break;
            default: throw new MutationException("It runs 'faults [AREA...]', 'check [AREA...]' or 'random SEED COUNT [AREA...]'.");
        }

        options.Areas.AddRange(words.Count > 0 ? words : Mutation.Areas.Names);
        if (options.Areas.Except(Mutation.Areas.Names).FirstOrDefault() is string unknown)
        {
            throw new MutationException($"There is no area '{unknown}': {string.Join(", ", Mutation.Areas.Names)}.");
        }

        return options;
    }

    internal void MakeWork()
    {
        Work = Work.Length > 0 ? Work : Directory.CreateTempSubdirectory("edge-mutation-").FullName;
        Directory.CreateDirectory(Work);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new MutationException($"'{text}' is no whole number.");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
