using System.Globalization;
using System.Text;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>The options that say how a CSV is written and what its columns are: the same table in another spelling gives the same as in the plain one.</summary>
internal static class FormatRows
{
    private static readonly string[] commands = ["train", "export", "run", "evaluate", "bench", "report", "diff", "split", "adapt"];

    internal static Dictionary<string, Action<OptionBench>> All { get; } = Rows();

    private static Dictionary<string, Action<OptionBench>> Rows()
    {
        var rows = new Dictionary<string, Action<OptionBench>>
        {
            ["train --no-header"] = TrainNoHeader,
            ["bench --no-header"] = BenchNoHeader,
            ["diff --no-header"] = DiffNoHeader,
            ["split --no-header"] = SplitNoHeader,
            ["adapt --no-header"] = AdaptNoHeader,
            ["train --ignore"] = Ignore,
            ["train --categorical"] = Categorical,
            ["train --numeric"] = Numeric,
        };
        foreach (string command in commands)
        {
            rows[$"{command} --separator"] = bench => Separator(bench, command);
            rows[$"{command} --decimal"] = bench => Decimal(bench, command);
            rows[$"{command} --encoding"] = bench => Encoded(bench, command);
        }

        return rows;
    }

    private static void Separator(OptionBench bench, string command)
    {
        string plain = Result(bench, command, Table("0.000", 1));
        string bars = Table("0.000", 1).Replace(',', '|');
        Assert.Equal(plain, Result(bench, command, bars, "--separator", "bar"));
        Assert.Equal(plain, Result(bench, command, Table("0.000", 1).Replace(',', '\t'), "--separator", "tab"));
        Assert.Equal(plain, Result(bench, command, Table("0.000", 1), "--separator", "comma"));
        Assert.Contains(command is "bench" or "run" ? "no column 'a'" : "no column 'y'", Refusal(bench, command, bars, "--separator", "semicolon"), StringComparison.Ordinal);
    }

    private static void Decimal(OptionBench bench, string command)
    {
        string commas = Table("0.000", 1).Replace(',', ';').Replace('.', ',');
        Assert.Contains("--decimal comma or --decimal point", Refusal(bench, command, commas), StringComparison.Ordinal);
        Assert.Equal(Result(bench, command, Table("0.000", 1)), Result(bench, command, commas, "--decimal", "comma"));
        if (command != "split")
        {
            // A split keeps the texts of cells, whatever they mean.
            Assert.Equal(Result(bench, command, Table("0", 1000)), Result(bench, command, commas, "--decimal", "point"));
        }
    }

    private static void Encoded(OptionBench bench, string command)
    {
        string table = Table("0.000", 1);
        byte[] wide = Encoding.BigEndianUnicode.GetBytes(table);
        Assert.Contains("--encoding utf-16be", OptionBench.Refused(Line(bench, command, Write(bench, wide), bench.New())), StringComparison.Ordinal);
        Assert.Equal(Result(bench, command, table), Result(bench, command, wide, "--encoding", "utf-16be"));
        Assert.Contains("'utf-99' is not the name of an encoding", Refusal(bench, command, table, "--encoding", "utf-99"), StringComparison.Ordinal);
    }

    private static void TrainNoHeader(OptionBench bench)
    {
        string bare = Table("0.000", 1)[Table("0.000", 1).IndexOf('\n', StringComparison.Ordinal)..].TrimStart();
        string path = bench.Write("bare-train.csv", bare);
        (int exitCode, string error) = CommandLine.Run(out _, "train", path, "--label", "5", "-o", bench.InFolder("guessed.edge"), "--epochs", "3", "-q");
        Assert.True(exitCode == 0, error);
        Assert.Contains("no header (--no-header)", error, StringComparison.Ordinal);
        (exitCode, error) = CommandLine.Run(out _, "train", path, "--label", "5", "-o", bench.InFolder("said.edge"), "--epochs", "3", "-q", "--no-header");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(Weights(bench.InFolder("guessed.edge")), Weights(bench.InFolder("said.edge")));

        // With the option the first row is data whatever it looks like.
        string named = bench.Write("named.csv", "p,q\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i % 3},{(i % 2 == 0 ? "q" : "r")}\n")));
        Assert.Contains("'p' is not a number", OptionBench.Refused("train", named, "--label", "2", "-o", bench.New(), "--no-header"), StringComparison.Ordinal);
    }

    private static void BenchNoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare-bench.csv", "1,2,3,4\n5,6,7,8\n");
        Assert.Contains("µs per inference", OptionBench.Done("bench", bench.Model, "-i", bare, "--no-header"), StringComparison.Ordinal);
        Assert.Contains("--no-header", OptionBench.Refused("bench", bench.Model, "-i", bare), StringComparison.Ordinal);
    }

    private static void DiffNoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare-diff.csv", "1,2,3,4,0\n5,6,7,8,1\n");
        Assert.Contains("0 of 2 rows", OptionBench.Done("diff", bench.Model, bench.Model, "-d", bare, "--label", "5", "--no-header"), StringComparison.Ordinal);
        Assert.Contains("--no-header", OptionBench.Refused("diff", bench.Model, bench.Model, "-d", bare, "--label", "5"), StringComparison.Ordinal);
    }

    private static void AdaptNoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare-adapt.csv", "1,2,3,4,0\n5,6,7,8,1\n");
        Assert.Equal(3, OptionBench.Json("adapt", bench.Adaptable, "-d", bare, "--label", "5", "--no-header").GetProperty("points").GetArrayLength());
        Assert.Contains("--no-header", OptionBench.Refused("adapt", bench.Adaptable, "-d", bare, "--label", "5"), StringComparison.Ordinal);
    }

    private static void SplitNoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare-split.csv", string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},{i % 2}\n")));
        OptionBench.Done("split", bare, "--label", "2", "--no-header", "-o", bench.InFolder("bare"), "--test", "0.4");
        string[] rows = [.. File.ReadAllLines(bench.InFolder("bare.train.csv")), .. File.ReadAllLines(bench.InFolder("bare.test.csv"))];
        Assert.Equal(File.ReadAllLines(bare), rows.Order());
        Assert.Contains("--no-header", OptionBench.Refused("split", bare, "--label", "2", "-o", bench.InFolder("bare")), StringComparison.Ordinal);
    }

    // A split keeps the cells as they are written: what is compared is what a reader makes of them.
    private static string Numbers(string path)
    {
        EdgeInference.ModelConverter.Data.CsvFile file = EdgeInference.ModelConverter.Data.CsvFile.Open(path, new EdgeInference.ModelConverter.Data.CsvOptions { Decimal = File.ReadLines(path).First().Contains(';', StringComparison.Ordinal) ? ',' : '.' });
        return string.Join('\n', file.Numbers([0, 1, 2, 3]).Select(row => string.Join(' ', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))));
    }

    private static void Ignore(OptionBench bench)
    {
        string path = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--epochs", "2", "-q", "--ignore", "b, d");
        Assert.Equal(["a", "c"], Names(path));
        Assert.Contains("--ignore names the column 'bb', which", OptionBench.Refused("train", bench.Train, "--label", "y", "-o", path, "--ignore", "bb"), StringComparison.Ordinal);
        Assert.Contains("--ignore names the label column 'y'", OptionBench.Refused("train", bench.Train, "--label", "y", "-o", path, "--ignore", "y"), StringComparison.Ordinal);
    }

    private static void Categorical(OptionBench bench)
    {
        string csv = bench.Write("codes.csv", "a,code,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * 0.3},{(i % 3) + 8},{i % 2}\n")));
        string path = bench.New();
        OptionBench.Done("train", csv, "--label", "y", "-o", path, "--categorical", "code", "--epochs", "1", "-q");
        Assert.Contains("'code': 0 '8', 1 '9', 2 '10'", OptionBench.Done("inspect", path), StringComparison.Ordinal);
        OptionBench.Done("train", csv, "--label", "y", "-o", bench.New(), "--epochs", "1", "-q");
        Assert.Contains("named by --ignore and by --categorical", OptionBench.Refused("train", csv, "--label", "y", "-o", bench.New(), "--categorical", "code", "--ignore", "code"), StringComparison.Ordinal);
    }

    private static void Numeric(OptionBench bench)
    {
        string csv = bench.Write("days.csv", "n,day,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},2024-0{(i % 9) + 1}-15,{i % 2}\n")));
        string path = bench.New();
        Assert.Contains("needs at least one feature", LastLine("train", csv, "--label", "y", "-o", path), StringComparison.Ordinal);
        OptionBench.Done("train", csv, "--label", "y", "-o", path, "--epochs", "2", "-q", "--numeric", "n,day");
        Assert.Equal(["n", "day"], Names(path));

        // 2024-01-15 is 19737 days after 1970-01-01.
        string row = bench.Write("day.csv", "n,day\n3,2024-01-15\n");
        string number = bench.Write("number.csv", "n,day\n3,19737\n");
        Assert.Equal(OptionBench.Done("run", path, "-i", number), OptionBench.Done("run", path, "-i", row));
    }

    private static string LastLine(params string[] args)
    {
        (int exitCode, _, string error) = OptionBench.Run(args);
        Assert.Equal(1, exitCode);
        return error.TrimEnd().Split('\n')[^1];
    }

    // Numbers of one digit before the separator and three behind it, which are ambiguous all of them.
    private static string Table(string format, int times) => "a,b,c,d,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i =>
        $"{string.Join(',', Enumerable.Range(0, 4).Select(j => ((1 + ((i * (7 + (2 * j))) % 8) + ((111 + ((i * 37) % 700)) / 1000m)) * times).ToString(format, CultureInfo.InvariantCulture)))},{i % 2}\n"));

    private static string Result(OptionBench bench, string command, string table, params string[] options) => Result(bench, command, Encoding.UTF8.GetBytes(table), options);

    private static string Result(OptionBench bench, string command, byte[] table, params string[] options)
    {
        string output = bench.InFolder("format.out");
        string text = OptionBench.Done([.. Line(bench, command, Write(bench, table), output), .. options]);
        return command switch
        {
            "train" or "export" => Weights(output),
            "report" => File.ReadAllText(output),
            "bench" => "done",
            "split" => Numbers(output + ".train.csv"),
            _ => text,
        };
    }

    private static string Refusal(OptionBench bench, string command, string table, params string[] options) =>
        OptionBench.Refused([.. Line(bench, command, Write(bench, Encoding.UTF8.GetBytes(table)), bench.New()), .. options]);

    private static string Write(OptionBench bench, byte[] table)
    {
        File.WriteAllBytes(bench.InFolder("format.csv"), table);
        return bench.InFolder("format.csv");
    }

    private static string[] Line(OptionBench bench, string command, string csv, string output) => command switch
    {
        "train" => ["train", csv, "--label", "y", "-o", output, "--epochs", "3", "-q"],
        "export" => ["export", bench.Net, "-c", csv, "--label", "y", "--precision", "int8", "-o", output],
        "run" => ["run", bench.Model, "-i", csv, "--label", "y"],
        "diff" => ["diff", bench.Model, bench.Model, "-d", csv, "--label", "y", "--json"],
        "split" => ["split", csv, "--label", "y", "-o", output],
        "adapt" => ["adapt", bench.Adaptable, "-d", csv, "--label", "y", "--json"],
        "evaluate" => ["evaluate", bench.Model, "-d", csv, "--label", "y", "--json"],
        "report" => ["report", bench.Model, "-d", csv, "--label", "y", "-o", output, "--no-timings"],
        _ => ["bench", bench.Model, "-i", csv],
    };

    private static string[] Names(string path) => OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(ModelFormat.MetadataKey.InputNames);

    // All constants of a file; what else it says names its options.
    private static string Weights(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        ModelFormat.ModelFile file = OptionBench.Contract(bytes);
        int offset = file.SectionOffset(ModelFormat.FormatLayout.ConstantsSection);
        return Convert.ToHexString(bytes.AsSpan(offset, file.SectionLength(ModelFormat.FormatLayout.ConstantsSection)));
    }
}
