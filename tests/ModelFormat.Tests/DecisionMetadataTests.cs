using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

public class DecisionMetadataTests
{
    private const float NaN = float.NaN;
    private const float Infinity = float.PositiveInfinity;

    public static TheoryData<MetadataKey, float[]> Malformed => new()
    {
        { MetadataKey.Threshold, [] },
        { MetadataKey.Threshold, [0.5f, 0.5f] },
        { MetadataKey.Threshold, [-0.1f] },
        { MetadataKey.Threshold, [1.1f] },
        { MetadataKey.Threshold, [NaN] },
        { MetadataKey.AbstainBand, [0.5f] },
        { MetadataKey.AbstainBand, [0.6f, 0.5f] },
        { MetadataKey.AbstainBand, [NaN, 0.5f] },
        { MetadataKey.AbstainBand, [0.5f, Infinity] },
        { MetadataKey.Calibration, [] },
        { MetadataKey.Calibration, [0f, 1f] },
        { MetadataKey.Calibration, [4f, 1f] },
        { MetadataKey.Calibration, [1.5f, 1f, 1f] },
        { MetadataKey.Calibration, [1f, 2f] },
        { MetadataKey.Calibration, [1f, 0f, 0f] },
        { MetadataKey.Calibration, [1f, -1f, 0f] },
        { MetadataKey.Calibration, [1f, 1f, NaN] },
        { MetadataKey.Calibration, [1f, Infinity, 0f] },
        { MetadataKey.Calibration, [2f] },
        { MetadataKey.Calibration, [2f, 0.5f] },
        { MetadataKey.Calibration, [2f, 0.5f, 0.2f, 0.5f, 0.3f] },
        { MetadataKey.Calibration, [2f, 0.5f, 0.2f, 0.6f, 0.1f] },
        { MetadataKey.Calibration, [2f, 0.5f, 1.2f] },
        { MetadataKey.Calibration, [2f, .. Enumerable.Range(0, 257).SelectMany(i => new[] { i / 256f, 0.5f })] },
        { MetadataKey.Calibration, [3f, 0f] },
        { MetadataKey.Calibration, [3f, -1f] },
        { MetadataKey.Calibration, [3f, 1f, 1f] },
        { MetadataKey.InputStatistics, [0f, 1f, 0f, 1f] },
        { MetadataKey.InputStatistics, [0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, 0f, 0f, 0f, 1f] },
        { MetadataKey.InputStatistics, [0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, 0f, 1e-42f, 0f, 1f] },
        { MetadataKey.InputStatistics, [0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, 2f, 1f] },
        { MetadataKey.InputStatistics, [0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, NaN, 1f, 0f, 1f] },
        { MetadataKey.InputLimits, [1f, 1f] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_values_are_refused_when_the_file_is_read(MetadataKey key, float[] values)
    {
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => Model(builder => builder.AddFloats(key, values)));
        Assert.Equal("contract", fault.Section);
        Assert.True(fault.Offset > 0);
    }

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(-1f, 1f)]
    [InlineData(1f, float.NaN)]
    public void Malformed_limits_are_refused(float range, float distance) =>
        Assert.Throws<ModelFormatException>(() => Model(builder =>
        {
            builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f, 0f, 1f]);
            builder.AddFloats(MetadataKey.InputLimits, [range, distance]);
        }));

    [Theory]
    [InlineData(MetadataKey.Threshold)]
    [InlineData(MetadataKey.Calibration)]
    [InlineData(MetadataKey.AbstainBand)]
    [InlineData(MetadataKey.InputStatistics)]
    public void Another_kind_of_record_is_refused(MetadataKey key) =>
        Assert.Throws<ModelFormatException>(() => Model(builder => builder.AddText(key, "half")));

    [Fact]
    public void Without_records_the_defaults_hold()
    {
        DecisionMetadata decision = Model(_ => { });
        Assert.Equal(0.5f, decision.Threshold);
        Assert.False(decision.Abstains(0.5f));
        Assert.Null(decision.Calibration);
        Assert.Null(decision.InputStatistics);
    }

    [Fact]
    public void A_band_holds_its_low_end_and_not_its_high()
    {
        DecisionMetadata decision = Model(builder => builder.AddFloats(MetadataKey.AbstainBand, [0.4f, 0.6f]));
        Assert.False(decision.Abstains(0.39999998f));
        Assert.True(decision.Abstains(0.4f));
        Assert.True(decision.Abstains(0.59999996f));
        Assert.False(decision.Abstains(0.6f));
        Assert.False(decision.Abstains(NaN));
    }

    [Fact]
    public void Platt_calibration_is_the_formula()
    {
        ProbabilityCalibration calibration = Model(builder => builder.AddFloats(MetadataKey.Calibration, [1f, 1.75f, -0.4f])).Calibration!;
        for (double p = 0.0001; p < 1; p += 0.00037)
        {
            double z = (1.75 * Math.Log(p / (1 - p))) - 0.4;
            Assert.Equal(1 / (1 + Math.Exp(-z)), calibration.Apply((float)p), 2e-6);
        }

        Assert.InRange(calibration.Apply(0f), 0f, 1e-9f);
        Assert.InRange(calibration.Apply(1f), 0.99999f, 1f);
        Assert.Equal(NaN, calibration.Apply(NaN));
    }

    [Fact]
    public void Temperature_calibration_is_the_formula_for_one_probability_and_for_several()
    {
        ProbabilityCalibration calibration = Model(builder => builder.AddFloats(MetadataKey.Calibration, [3f, 2.5f])).Calibration!;
        Assert.Equal(1 / (1 + Math.Exp(-Math.Log(0.9 / 0.1) / 2.5)), calibration.Apply(0.9f), 1e-6);
        float[] probabilities = [0.7f, 0.2f, 0.1f];
        calibration.ApplyToAll(probabilities);
        double[] powers = [Math.Pow(0.7, 0.4), Math.Pow(0.2, 0.4), Math.Pow(0.1, 0.4)];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(powers[i] / powers.Sum(), probabilities[i], 1e-6);
        }

        float[] certain = [1f, 0f, 0f];
        calibration.ApplyToAll(certain);
        Assert.True(certain[0] > 0.98f && certain[1] > 0f && certain[1] == certain[2]);
    }

    [Fact]
    public void Isotonic_calibration_runs_in_straight_lines_between_its_knots()
    {
        float[] knots = [0.1f, 0.05f, 0.3f, 0.05f, 0.5f, 0.65f, 0.625f, 0.65f, 0.75f, 1f];
        ProbabilityCalibration calibration = Model(builder => builder.AddFloats(MetadataKey.Calibration, [2f, .. knots])).Calibration!;
        (float X, float Y)[] expected = [(0f, 0.05f), (0.1f, 0.05f), (0.2f, 0.05f), (0.3f, 0.05f), (0.4f, 0.35f), (0.5f, 0.65f), (0.55f, 0.65f), (0.625f, 0.65f), (0.6875f, 0.825f), (0.75f, 1f), (1f, 1f)];
        foreach ((float x, float y) in expected)
        {
            Assert.Equal(y, calibration.Apply(x), 1e-6f);
        }

        ProbabilityCalibration level = Model(builder => builder.AddFloats(MetadataKey.Calibration, [2f, 0.5f, 0.25f])).Calibration!;
        Assert.Equal([0.25f, 0.25f, 0.25f], [level.Apply(0f), level.Apply(0.5f), level.Apply(1f)]);
    }

    [Fact]
    public void Unlikeness_is_the_formula()
    {
        InputStatistics statistics = Model(builder =>
        {
            builder.AddFloats(MetadataKey.InputStatistics, [10f, 2f, 6f, 14f, 0f, 0.5f, -1f, 1f, 5f, 1f, 5f, 5f]);
            builder.AddFloats(MetadataKey.InputLimits, [2f, 4f]);
        }).InputStatistics!;
        Assert.Equal(0f, statistics.OutlierScore([10f, 0f, 5f]));

        // Within every range: (1² + 2² + 0) / 3 over the limit 4.
        Assert.Equal(5f / 3 / 4, statistics.OutlierScore([12f, 1f, 5f]), 1e-6f);

        // 3 above a range of deviation 0.5: 6 deviations over the limit 2, more than (8²) / 3 / 4 = 5.33 … of the distance.
        Assert.Equal(64f / 12, statistics.OutlierScore([10f, 4f, 5f]), 1e-5f);
        Assert.Equal(Math.Max(2.5f / 2, 2.5f * 2.5f / 12), statistics.OutlierScore([10f, 0f, 2.5f]), 1e-6f);
        Assert.Equal(Infinity, statistics.OutlierScore([10f, NaN, 5f]));
        Assert.Equal(Infinity, statistics.OutlierScore([float.NegativeInfinity, 0f, 5f]));
    }

    [Fact]
    public void Without_limits_one_deviation_and_three_are_allowed()
    {
        InputStatistics statistics = Model(builder => builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -4f, 4f, 0f, 1f, -4f, 4f, 0f, 1f, -4f, 4f])).InputStatistics!;
        Assert.Equal(1f, statistics.OutlierScore([3f, -3f, 3f]), 1e-6f);
        Assert.Equal(1f, statistics.OutlierScore([5f, 0f, 0f]), 1e-6f);
    }

    private static DecisionMetadata Model(Action<ModelBuilder> addRecords)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        int weights = builder.AddConstant(TensorType.Float32, [1, 3], new byte[12]);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddOperator(Opcode.Dense, [input, weights], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        addRecords(builder);
        return ModelFile.Read(new ModelBytes(builder.Build())).Decision;
    }
}
