using System.Text.Json;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>A model that was trained with no option says what its features were like, and a report what has changed since.</summary>
public sealed class DriftTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly float[][] rows = [[1f, 0f], [3f, 1f], [float.NaN, 1f], [5f, float.NaN]];

    [Fact]
    public void A_file_says_what_its_features_were_like()
    {
        var table = new LabelledTable(["a", "b"], rows, [0, 1, 0, 1], ["x", "y"]) { Categories = [[], ["p", "q", "r"]] };
        using EdgeModel model = ReportCase.Identity(2, builder =>
        {
            EdgeInference.ModelConverter.Graphs.CategoryRecord.Add(builder, table.Categories);
            builder.AddBytes(FeatureStatistics.Key, TrainingStatistics.Write(table));
        });
        FeatureStatistics[] known = FeatureStatistics.Read(model.File);
        Assert.Equal(3, known[0].Mean);
        Assert.Equal(Math.Sqrt(8.0 / 3), known[0].Deviation, 0.02); // 8 bits
        Assert.InRange(known[0].Low, 0.95, 1);
        Assert.InRange(known[0].High, 5, 5.05);
        Assert.Equal(0.25, known[0].Missing!.Value, 0.002);
        Assert.Equal([1.0 / 3, 2.0 / 3, 0], known[1].Shares.Select(share => Math.Round(share, 6)).Select(share => share is > 0.33 and < 0.34 ? 1.0 / 3 : share is > 0.66 and < 0.67 ? 2.0 / 3 : share));
        Assert.Equal(11 + 1 + (2 * 3), model.File.Metadata.PayloadLength(FeatureStatistics.Key));
    }

    [Fact]
    public void A_constant_a_large_offset_and_nothing_at_all_are_kept_in_range()
    {
        float[][] odd = [[7f, 101_325f, float.NaN], [7f, 101_350f, float.NaN], [7f, 101_300f, float.NaN]];
        using EdgeModel model = ReportCase.Identity(3, builder => builder.AddBytes(FeatureStatistics.Key, TrainingStatistics.Write(new LabelledTable(["a", "b", "c"], odd, [0, 1, 0], ["x", "y"]))));
        FeatureStatistics[] known = FeatureStatistics.Read(model.File);
        Assert.Equal((7, 0, 7, 7), (known[0].Mean, known[0].Deviation, known[0].Low, known[0].High));
        Assert.InRange(known[1].Low, 101_299.5, 101_300);
        Assert.InRange(known[1].High, 101_350, 101_350.5);
        Assert.Equal(1, known[2].Missing);
        Assert.All(FeatureDrift.Of(known, [], odd), drift => Assert.False(drift.IsNotable));
    }

    // float32 has steps of 2 here: the mean of these two is written as the lower one.
    [Fact]
    public void A_range_holds_every_row_where_the_mean_is_rounded()
    {
        float[][] coarse = [[16_777_216f], [16_777_218f]];
        using EdgeModel model = ReportCase.Identity(1, builder => builder.AddBytes(FeatureStatistics.Key, TrainingStatistics.Write(new LabelledTable(["a"], coarse, [0, 1], ["x", "y"]))));
        FeatureStatistics known = Assert.Single(FeatureStatistics.Read(model.File));
        Assert.InRange(known.Low, 16_777_215.9, 16_777_216);
        Assert.InRange(known.High, 16_777_218, 16_777_218.1);
    }

    [Theory]
    [InlineData(10)] // short
    [InlineData(12)] // long
    public void A_damaged_record_is_refused(int bytes)
    {
        using EdgeModel model = ReportCase.Identity(1, builder => builder.AddBytes(FeatureStatistics.Key, new byte[bytes]));
        Assert.Contains("statistics of the training rows", Assert.Throws<ModelFormatException>(() => FeatureStatistics.Read(model.File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_shows_what_has_drifted_with_no_option_given_in_training()
    {
        string Table(double shift, string often, int gaps) => "t,c,n,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{(i * 37 % 101) + shift},{(i % 10 < 8 ? often : "other")},{(i % 10 < gaps ? "" : $"{i * 13 % 17}.5")},{(i * 37 % 101 > 50 ? 1 : 0)}\n")));
        string model = bench.New();
        OptionBench.Done("train", bench.Write("then.csv", Table(0, "usual", 1)), "--label", "y", "-o", model, "--learner", "logistic");
        JsonElement same = Drift(model, Table(0, "usual", 1));
        Assert.All(same.EnumerateArray(), feature => Assert.False(feature.GetProperty("is_notable").GetBoolean(), feature.ToString()));

        JsonElement[] now = [.. Drift(model, Table(60, "novel", 5)).EnumerateArray()];
        Assert.Equal(["t", "c", "n"], now.Select(feature => feature.GetProperty("feature").GetString()));
        Assert.All(now, feature => Assert.True(feature.GetProperty("is_notable").GetBoolean(), feature.ToString()));
        Assert.Equal(60 / 29.1, now[0].GetProperty("shift").GetDouble(), 0.05);
        Assert.Equal(0.8, now[1].GetProperty("outside").GetDouble(), 1e-6);
        Assert.Equal(0.8, now[1].GetProperty("mix").GetDouble(), 1e-3);
        Assert.Equal((0.5, 0.1), (Math.Round(now[2].GetProperty("missing").GetDouble(), 2), Math.Round(now[2].GetProperty("missing_in_training").GetDouble(), 2)));

        // A device's file may go without.
        string bare = bench.New();
        OptionBench.Done("train", bench.Write("then.csv", Table(0, "usual", 1)), "--label", "y", "-o", bare, "--learner", "logistic", "--strip", "provenance");
        Assert.Empty(Drift(bare, Table(0, "usual", 1)).EnumerateArray());
    }

    [Fact]
    public void A_mistake_is_explained_by_the_text_of_a_category()
    {
        string csv = bench.Write("colours.csv", "c,n,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{(i % 4 == 0 ? "red & hot" : i % 2 == 0 ? "blue" : "green")},{i * 7 % 11}.5,{(i % 4 == 0 ^ i % 40 == 8 ? 1 : 0)}\n")));
        string model = bench.New();
        string page = bench.New(".html");
        OptionBench.Done("train", csv, "--label", "y", "-o", model, "--learner", "logistic");
        JsonElement report = OptionBench.Json("report", model, "-d", csv, "-l", "y", "-o", page, "--no-timings");
        JsonElement reason = report.GetProperty("mistakes")[0].GetProperty("reasons").EnumerateArray().First(item => item.GetProperty("feature").GetString() == "c");
        Assert.Equal(("red & hot", "green"), (reason.GetProperty("category").GetString(), reason.GetProperty("usual_category").GetString()));
        Assert.Contains("c = &#39;red &amp; hot&#39; (usually &#39;green&#39;:", File.ReadAllText(page).Replace("&#x27;", "&#39;", StringComparison.Ordinal).Replace("c = 'red &amp; hot' (usually 'green':", "c = &#39;red &amp; hot&#39; (usually &#39;green&#39;:", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.InRange(report.GetProperty("log_loss_interval").GetProperty("low").GetDouble(), 0, 1);
    }

    private JsonElement Drift(string model, string csv) =>
        OptionBench.Json("report", model, "-d", bench.Write("now.csv", csv), "-l", "y", "-o", bench.New(".html"), "--no-timings").GetProperty("drift");
}
