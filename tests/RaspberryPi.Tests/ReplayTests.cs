using System.Globalization;
using System.Text.Json;
using EdgeDevice;
using EdgeInference.Devices;
using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Tool.Commands;

namespace RaspberryPi.Tests;

/// <summary>What <c>replay</c> says of a recording, and that it decides as <c>edge evaluate</c> does.</summary>
[Collection(nameof(ConsoleTests))]
public sealed class ReplayTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-replayed").FullName;

    private string Table => Path.Combine(folder, "rows.csv");

    private string Model => Path.Combine(folder, "m.edge");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("still,shaking", 8, 4, "Mean,Rms", "float32")]
    [InlineData("still,shaking", 8, 4, "Mean,Rms", "int8")]
    [InlineData("a,\"b, c\",d", 4, 4, "Rms,Peak", "float32")]
    [InlineData("0,1", 1, 1, "", "float32")]
    [InlineData("0,1,2", 2, 1, "", "int8")]
    public void The_decisions_on_rows_are_those_of_edge_evaluate(string classes, int window, int hop, string features, string precision)
    {
        EdgeOptions options = Options(window, hop, features);
        string[] labels = classes.Contains('"', StringComparison.Ordinal) ? ["a", "b, c", "d"] : classes.Split(',');
        Recorded(options, labels, samples: false);
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("train", Table, "--label", "label", "-o", Model, "--quiet", "--epochs", "2", "--precision", precision, "--sample-period", "0.001", "--window", $"{window}", "--hop", $"{hop}"));
        JsonElement evaluated = Json(() => EdgeCommand.Run("evaluate", Model, "-d", Table, "-l", "label", "--json"));
        JsonElement replayed = Json(() => Replay.Run(options, Table, ["--model", Model, "--json"]));
        Assert.Equal(evaluated.GetProperty("rows").GetInt64(), replayed.GetProperty("labelled").GetInt64());
        Assert.Equal(Texts(evaluated.GetProperty("classes")), Texts(replayed.GetProperty("classes")));
        List<string> wanted = [.. evaluated.GetProperty("confusion").EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray()) + " 0")];
        Assert.Equal(wanted, replayed.GetProperty("confusion").EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray())));
        double accuracy = replayed.GetProperty("agreeing").GetDouble() / replayed.GetProperty("labelled").GetDouble();
        Assert.Equal(evaluated.GetProperty("accuracy").GetDouble(), accuracy, 6);

        // A model that was right each time would not show that wrong ones are counted alike.
        Assert.InRange(accuracy, 0.05, 0.9999);
    }

    [Fact]
    public void Samples_give_the_decisions_of_the_rows_that_were_recorded_of_them()
    {
        EdgeOptions options = Options(8, 4, "Mean,Rms");
        Recorded(options, ["still", "shaking"], samples: false);
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("train", Table, "--label", "label", "-o", Model, "--quiet", "--epochs", "2"));
        JsonElement rows = Json(() => Replay.Run(options, Table, ["--model", Model, "--json"]));
        File.Delete(Table);
        Recorded(options, ["still", "shaking"], samples: true);
        JsonElement samples = Json(() => Replay.Run(options, Table, ["--model", Model, "--json"]));
        Assert.Equal(1, samples.GetProperty("breaks").GetInt32());
        Assert.Equal(rows.GetProperty("decisions").GetInt64(), samples.GetProperty("decisions").GetInt64());
        Assert.Equal(rows.GetProperty("confusion").ToString(), samples.GetProperty("confusion").ToString());
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    public void Samples_of_another_day_are_decided_as_edge_evaluate_decides_them(string precision)
    {
        EdgeOptions options = Options(1, 1, "");
        Recorded(options, ["still", "shaking"], samples: true);
        string other = Path.Combine(folder, "other.csv");
        Recorded(options, ["still", "shaking"], samples: true, other, seed: 40);
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run(
            "train", Table, "--label", "label", "-o", Model, "--precision", precision, "--sample-period", "0.001", "--window", "4", "--hop", "3",
            "--signals", "lowpass:200,mean,zero_crossing_rate,band_power:1", "--count-size", "0.0001", "--learner", "logistic"));
        JsonElement evaluated = Json(() => EdgeCommand.Run("evaluate", Model, "-d", other, "-l", "label", "--json"));
        JsonElement replayed = Json(() => Replay.Run(options, other, ["--model", Model, "--json"]));
        Assert.Equal(2 * (1 + ((1000 - 4) / 3)), replayed.GetProperty("decisions").GetInt32());
        List<string> wanted = [.. evaluated.GetProperty("confusion").EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray()) + " 0")];
        Assert.Equal(wanted, replayed.GetProperty("confusion").EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray())));

        // A model that was right each time would not show that wrong ones are counted alike.
        Assert.InRange(evaluated.GetProperty("accuracy").GetDouble(), 0.6, 0.9999);
    }

    [Fact]
    public void Settings_that_name_features_do_not_go_with_a_model_that_makes_its_own()
    {
        EdgeOptions options = Options(1, 1, "");
        Recorded(options, ["still", "shaking"], samples: true);
        Assert.Equal(EdgeCommand.Done, EdgeCommand.Run("train", Table, "--label", "label", "-o", Model, "--sample-period", "0.001", "--window", "16", "--signals", "rms", "--count-size", "0.0001", "--learner", "logistic"));
        var exception = Assert.Throws<ArgumentException>(() => Replay.Run(Options(16, 16, "Rms"), Table, ["--model", Model]));
        Assert.StartsWith("The model makes its features of samples by its own pipeline but the loop has Features too; leave Features empty.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_is_a_line_with_time_class_probability_and_pin()
    {
        EdgeOptions options = Options(1, 1, "");
        (options.Output.Pin, options.Output.Class, options.Loop.Votes) = (18, "shaking", 1);
        File.WriteAllBytes(Model, TestModels.Described(["still", "shaking"], ["x", "y", "z"]));
        File.WriteAllText(Table, "time,x,y,z,note,label\n0,-9,0,0,a,still\n0.001,9,0,0,b,shaking\n0.002,,,,c,shaking\n0.004,-9,0,0,d,shaking\n");
        (int code, string output, string errors) = ConsoleOf(() => Replay.Run(options, Table, ["--model", Model]));
        Assert.Equal(0, code);
        Assert.Equal(
            $"""
            Samples, through window, features and model. GPIO 18 is on for 'shaking'.
                 0.000 s  not known                             GPIO 18: low
                 0.000 s  still            p(shaking) = 0.000
                 0.001 s  shaking          p(shaking) = 1.000   GPIO 18: high
                 0.002 s  not known                             GPIO 18: low
                 0.004 s  still            p(shaking) = 0.000
            The end; outputs are in their safe state.
            4 rows, 3 decisions, 4 changes, 0 in the abstain band, 0 not finite
            1 breaks, 0 missed samples, 0 windows started again for them
            the model agrees with 2 of 3 labels (66.7 %), before votes and hold:
              label \ decided  still  shaking  none
              still                1        0     0
              shaking              1        1     0

            """,
            output);
        Assert.Equal($"Columns of {Table} that are left out: note.\n{Model} is used as it is; its signature is not checked.\n", errors);
    }

    [Fact]
    public void The_model_is_that_of_the_settings_unless_one_is_named()
    {
        EdgeOptions options = Options(1, 1, "");
        (options.ModelFolder, options.FactoryModel) = (Path.Combine(folder, "store"), Model);
        (options.Updates.RequireSignature, options.Updates.RequireSelfTest) = (false, false);
        File.WriteAllBytes(Model, TestModels.Described(["still", "shaking"], ["x", "y", "z"]));
        File.WriteAllText(Table, "x,y,z,label\n1,1,1,shaking\n");
        Assert.Equal(1, Json(() => Replay.Run(options, Table, ["--json"])).GetProperty("agreeing").GetInt32());
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "has the columns [a, b]; a recording of these settings has [x, y, z], or with --samples [time, x, y, z]. Missing: x, y, z.")]
    [InlineData("x,y,z\n1,2,no\n", "line 2: 'no' is no number")]
    public void A_table_that_is_no_recording_of_these_settings_is_refused(string text, string refusal)
    {
        File.WriteAllBytes(Model, TestModels.Described(["still", "shaking"], ["x", "y", "z"]));
        File.WriteAllText(Table, text);
        string message = "";
        ConsoleOf(() =>
        {
            message = Assert.Throws<InvalidDataException>(() => Replay.Run(Options(1, 1, ""), Table, ["--model", Model])).Message;
            return 1;
        });
        Assert.Contains(refusal, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x,y,z\n", 1, "The table has no rows.")]
    [InlineData("time,x,y,z\n0,1,1,1\n", 2, "No decision: no window of samples without a gap is in the table.")]
    public void A_table_without_a_decision_is_said(string text, int window, string said)
    {
        File.WriteAllBytes(Model, TestModels.Create(3 * window));
        File.WriteAllText(Table, text);
        (int code, _, string errors) = ConsoleOf(() => Replay.Run(Options(window, 1, ""), Table, ["--model", Model]));
        Assert.Equal(1, code);
        Assert.Equal(said, errors.TrimEnd().Split('\n')[^1]);
    }

    [Theory]
    [InlineData("--realtime", "'--realtime' is no option of replay, which has --model FILE, --label COLUMN, --real-time and --json.")]
    [InlineData("--model", "--model needs the path of an .edge file.")]
    [InlineData("--label", "--label needs the name of a column.")]
    public void A_word_that_is_no_option_is_one_sentence(string word, string said) =>
        Assert.Equal(said, Assert.Throws<InvalidDataException>(() => Replay.Run(Options(1, 1, ""), Table, [word])).Message);

    private static EdgeOptions Options(int window, int hop, string features) => new()
    {
        Sensor = new SensorOptions { Kind = "simulated" },
        Loop = new LoopOptions { PeriodMilliseconds = 1, Window = window, Hop = hop, Features = features.Split(',', StringSplitOptions.RemoveEmptyEntries), Votes = 3 },
        Output = new PinOptions { Pin = -1 },
    };

    // Classes that lie near one another, so that a model of two epochs is wrong now and then.
    private void Recorded(EdgeOptions options, string[] labels, bool samples, string? table = null, int seed = 0)
    {
        table ??= Table;
        for (int label = 0; label < labels.Length; label++)
        {
            var random = new Random(seed + label);
            double scale = 1 + label;
            var time = new FakeTime();
            using var sensor = new SensorMonitor(
                new DelegateSampleSource(3, sample =>
                {
                    for (int i = 0; i < sample.Length; i++)
                    {
                        sample[i] = (float)(scale * (random.NextDouble() - 0.3));
                    }
                }, channelNames: Wiring.ChannelNames(options.Sensor)),
                time: time);
            var recorder = new LoopRecorder(sensor, options.Loop.ToLoop(), time);
            var duration = TimeSpan.FromMilliseconds(1000);
            Assert.NotEqual(0, samples ? recorder.RecordSamples(table, labels[label], duration) : recorder.Record(table, labels[label], duration));
        }
    }

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString());

    private static JsonElement Json(Func<int> command)
    {
        (int code, string output, string errors) = ConsoleOf(command);
        Assert.True(code == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    private static (int Code, string Output, string Errors) ConsoleOf(Func<int> command)
    {
        (TextWriter output, TextWriter errors) = (Console.Out, Console.Error);
        using var writtenOutput = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var writtenErrors = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        try
        {
            Console.SetOut(writtenOutput);
            Console.SetError(writtenErrors);
            return (command(), writtenOutput.ToString(), writtenErrors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
