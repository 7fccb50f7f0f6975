using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>Each thing that a model says, alone: read from the file, compared with the model before, and with the loop.</summary>
public sealed class DeviceExpectationTests
{
    private static readonly DecisionLoopOptions Options = new() { Period = TimeSpan.FromMilliseconds(8), WindowLength = 4, Hop = 2 };

    private static readonly ModelExpectation Base = new()
    {
        ClassTexts = ["a", "b"],
        FeatureNames = ["x", "y"],
        InputUnits = ["g", "m"],
        WindowLength = 4,
        Hop = 2,
        SamplePeriod = TimeSpan.FromMilliseconds(8),
    };

    [Fact]
    public void A_file_says_what_was_written_into_it()
    {
        using var full = EdgeModel.Load(TestModels.Described(["a", "b"], ["x", "y"], samples: 4, more: builder =>
        {
            builder.AddTextList(MetadataKey.InputUnits, ["g", "m"]);
            builder.AddWindow(0.008f, 4, 2);
        }));
        var says = ModelExpectation.Of(full);
        Assert.Equal(["a", "b"], says.ClassTexts);
        Assert.Equal(["x", "y"], says.FeatureNames);
        Assert.Equal(["g", "m"], says.InputUnits);
        Assert.Equal((4, 2), (says.WindowLength, says.Hop));
        Assert.Equal(0.008, says.SamplePeriod!.Value.TotalSeconds, 1e-7);
        using var plain = EdgeModel.Load(TestModels.Create());
        says = ModelExpectation.Of(plain);
        Assert.Empty(says.ClassTexts);
        Assert.Empty(says.FeatureNames);
        Assert.Empty(says.InputUnits);
        Assert.Equal((null, null, null), (says.WindowLength, says.Hop, says.SamplePeriod));
    }

    public static TheoryData<string, string, string> Differences() => new()
    {
        { "classes", "b,a", "Its classes differ from those of the model in use: number 0 is 'b', expected 'a'; allow it with UpdatePolicy.AllowOtherContract, or export it with the same classes." },
        { "classes", "a,c", "Its classes differ from those of the model in use: number 1 is 'c', expected 'b'; allow it" },
        { "classes", "a", "number 1 is not named, expected 'b'" },
        { "classes", "a,b,c", "number 2 is 'c', expected not named" },
        { "classes", "", "number 0 is not named, expected 'a'" },
        { "features", "y,x", "Its features differ from those of the model in use: number 0 is 'y', expected 'x'" },
        { "units", "g,g", "Its units differ from those of the model in use: number 1 is 'g', expected 'm'" },
        { "units", "", "Its units differ from those of the model in use: number 0 is not named, expected 'g'" },
        { "window", "5", "Its window length differs from that of the model in use: 5, expected 4; allow it with UpdatePolicy.AllowOtherContract, or export it with the same window length." },
        { "window", "", "Its window length differs from that of the model in use: not given, expected 4" },
        { "hop", "1", "Its hop differs from that of the model in use: 1, expected 2" },
        { "hop", "", "Its hop differs from that of the model in use: not given, expected 2" },
        { "period", "80002", "Its sample period differs from that of the model in use: 8.0002 ms, expected 8 ms" },
        { "period", "79998", "Its sample period differs from that of the model in use: 7.9998 ms, expected 8 ms" },
        { "period", "80001", "" },
        { "period", "79999", "" },
        { "period", "", "Its sample period differs from that of the model in use: not given, expected 8 ms" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Each_difference_between_two_models_is_said(string what, string value, string sentence)
    {
        string? difference = Base.Difference(With(what, value));
        if (sentence.Length == 0)
        {
            Assert.Null(difference);
            return;
        }

        Assert.StartsWith(sentence.StartsWith("number", StringComparison.Ordinal) ? $"Its {what} differ from those of the model in use: {sentence}" : sentence, difference, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_the_new_model_says_is_a_difference_too()
    {
        var silent = new ModelExpectation();
        Assert.Null(silent.Difference(new ModelExpectation()));
        Assert.Null(Base.Difference(Base with { }));
        Assert.Contains("features differ", silent.Difference(silent with { FeatureNames = ["x"] }), StringComparison.Ordinal);
        Assert.Contains("2, expected not given", silent.Difference(silent with { Hop = 2 }), StringComparison.Ordinal);
        Assert.Contains("8 ms, expected not given", silent.Difference(silent with { SamplePeriod = Base.SamplePeriod }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_period_may_differ_by_a_millionth()
    {
        var second = new ModelExpectation { SamplePeriod = TimeSpan.FromSeconds(1) };
        Assert.Null(second.Difference(new ModelExpectation { SamplePeriod = TimeSpan.FromTicks(10_000_010) }));
        Assert.Null(second.Difference(new ModelExpectation { SamplePeriod = TimeSpan.FromTicks(9_999_990) }));
        Assert.NotNull(second.Difference(new ModelExpectation { SamplePeriod = TimeSpan.FromTicks(10_000_011) }));
        Assert.NotNull(second.Difference(new ModelExpectation { SamplePeriod = TimeSpan.FromTicks(9_999_989) }));
    }

    [Theory]
    [InlineData("window", "4", null)]
    [InlineData("window", "5", "The model expects windows of 5 samples but the loop uses 4; set WindowLength to 5.")]
    [InlineData("window", "3", "The model expects windows of 3 samples but the loop uses 4; set WindowLength to 3.")]
    [InlineData("window", "", null)]
    [InlineData("hop", "2", null)]
    [InlineData("hop", "1", "The model expects a window every 1 samples but the loop has one every 2; set Hop to 1.")]
    [InlineData("hop", "3", "The model expects a window every 3 samples but the loop has one every 2; set Hop to 3.")]
    [InlineData("hop", "", null)]
    [InlineData("period", "80000", null)]
    [InlineData("period", "80001", null)]
    [InlineData("period", "80002", "The model expects a sample every 8.0002 ms but the loop takes one every 8 ms; set Period to 8.0002 ms.")]
    [InlineData("period", "", null)]
    [InlineData("features", "x,y", null)]
    [InlineData("features", "", null)]
    [InlineData("units", "s,s", null)]
    [InlineData("classes", "c", null)]
    [InlineData("features", "y,x", "The loop produces the features [x, y] but the model expects [y, x], the same in another order: number 0 is 'x', expected 'y'; set the channel names, Features and Bands as in the training recording.")]
    [InlineData("features", "x,z", "The loop produces the features [x, y] but the model expects [x, z]: number 1 is 'y', expected 'z'; set the channel names, Features and Bands as in the training recording.")]
    [InlineData("features", "x", "The loop produces the features [x, y] but the model expects [x]: number 1 is 'y', expected not named; set the channel names, Features and Bands as in the training recording.")]
    public void Each_difference_from_the_loop_is_said(string what, string value, string? sentence) =>
        Assert.Equal(sentence, With(what, value).LoopDifference(Options, ["x", "y"], []));

    [Fact]
    public void Names_of_one_sample_are_compared_where_the_model_has_as_many()
    {
        string[] values = ["x_0", "y_0", "x_1", "y_1"];
        Assert.Null(Base.LoopDifference(Options, values, ["x", "y"]));
        Assert.NotNull(Base.LoopDifference(Options, values, ["y", "x"]));
        Assert.NotNull(Base.LoopDifference(Options, values, []));
        Assert.Null((Base with { FeatureNames = values }).LoopDifference(Options, values, ["x", "y"]));
        Assert.NotNull((Base with { FeatureNames = ["x"] }).LoopDifference(Options, values, ["x", "y"]));
        Assert.Equal("The model expects the features [x, y] but the sample source does not name its channels; name each channel.", Base.LoopDifference(Options, [], []));
        Assert.Null((Base with { FeatureNames = [] }).LoopDifference(Options, [], []));
    }

    private static ModelExpectation With(string what, string value)
    {
        string[] list = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        int? number = value.Length > 0 && int.TryParse(value, out int parsed) ? parsed : null;
        return what switch
        {
            "classes" => Base with { ClassTexts = list },
            "features" => Base with { FeatureNames = list },
            "units" => Base with { InputUnits = list },
            "window" => Base with { WindowLength = number },
            "hop" => Base with { Hop = number },
            _ => Base with { SamplePeriod = number is { } ticks ? TimeSpan.FromTicks(ticks) : null },
        };
    }
}
