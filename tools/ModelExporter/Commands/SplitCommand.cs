using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge split</c>: rows to train on and rows to judge on.</summary>
internal static class SplitCommand
{
    internal static Command Create()
    {
        var data = new Argument<string>("data") { Description = "Rows as .csv." };
        var label = new Option<string?>("--label", "-l") { Description = "The label column: both files then hold its classes in the same proportion." };
        var group = new Option<string?>("--group") { Description = "A column whose equal values stay in one file, such as the machine." };
        var inOrder = new Option<bool>("--in-order") { Description = "The last rows go to the test file, as for rows in the order of time." };
        var share = new Option<double>("--test") { Description = "Share of the rows that goes to the test file.", DefaultValueFactory = _ => 0.3 };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same files.", DefaultValueFactory = _ => 1UL };
        var output = new Option<string?>("--output", "-o") { Description = "What the files begin with: NAME or NAME.csv gives NAME.train.csv and NAME.test.csv; the data's name by default." };
        var format = new CsvFormatOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("split", "Divides a CSV file into rows to train on and rows to judge on.") { data, label, group, inOrder, share, seed, output, json };
        format.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(data);
            string name = result.GetValue(output) is { } asked ? Stem(asked) : path == "-" ? "data" : Path.GetFileNameWithoutExtension(path);
            (string train, string test) = (name + ".train.csv", name + ".test.csv");
            OutputPaths.Check([("the data", path)], [("--output", train), ("--output", test)]);
            double part = result.GetValue(share);
            if (!(part > 0 && part < 1))
            {
                throw new UsageException($"--test {part} is not a share; give a number above 0 and below 1, such as 0.3.");
            }

            if (result.GetValue(inOrder) && result.GetValue(group) is not null)
            {
                throw new UsageException("--in-order and --group divide the rows in different ways; give one of them.");
            }

            var file = CsvFile.Open(path, format.Of(result), result.GetValue(label));
            int Column(string? column) => column is null ? -1 : file.LabelColumn(column);
            bool[] second = CsvSplit.Choose(file, Column(result.GetValue(label)), Column(result.GetValue(group)), result.GetValue(inOrder), part, result.GetValue(seed));
            byte[] first = CsvSplit.Write(file, row => !second[row]);
            byte[] rest = CsvSplit.Write(file, row => second[row]);
            AtomicFile.Write(train, first);
            AtomicFile.Write(test, rest);
            int count = second.Count(is2 => is2);
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { Train = train, TrainRows = second.Length - count, Test = test, TestRows = count });
            }
            else
            {
                Terminal.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {train}: {second.Length - count} rows, and {test}: {count} rows."));
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    // Who writes -o rows.csv as for other commands means its name.
    private static string Stem(string name) =>
        Path.GetFileName(name).Length > 4 && name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
}
