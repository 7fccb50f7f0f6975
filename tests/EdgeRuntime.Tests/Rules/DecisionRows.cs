using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>What the contract says about decisions.</summary>
internal sealed class DecisionRows : RuleRows
{
    private const float Above1 = 1.00000012f;

    // 2⁻¹²⁸: the reciprocal is 2¹²⁸, which float32 does not hold; that of the number after it is.
    private static readonly float Power = MathF.ScaleB(1f, -128);

    protected override void Add()
    {
        AddNames();
        AddWindow();
        AddDecision();
        AddThresholds();
        AddCalibration();
        AddStatistics();
    }

    private void AddNames()
    {
        const string Names = "there is not one name for each input value, or for each value of a sample";
        const string Units = "there is not one unit for each name";
        Good("a name for each of six values", Named(6, 0));
        Good("a name for each of two values of a sample", Named(2, 0));
        Good("a name for each value of three samples", Named(2, 3));
        Good("a name for each of six values of a window", Named(6, 3));
        Good("one name", Named(1, 0));
        Bad("no name", "contract", Names, Named(0, 0), model => model.PayloadStart(3));
        foreach ((int names, int window) in new[] { (4, 0), (7, 0), (5, 0), (12, 0), (2, 2), (2, 4), (3, 3), (1, 5), (3, 1 << 30) })
        {
            Bad($"{names} names of six values in {window} samples", "contract", Names, Named(names, window), model => model.PayloadStart(3));
        }

        RawModel both = Named(6, 0);
        both.Texts(129, "a", "b", "", "", "", "");
        Good("a unit for each name", both);
        foreach (int units in new[] { 0, 5, 7 })
        {
            RawModel model = Named(6, 0);
            model.Texts(129, [.. Enumerable.Repeat("", units)]);
            Bad($"{units} units of six names", "contract", Units, model, laid => laid.PayloadStart(129));
        }

        RawModel alone = Model(6);
        alone.Texts(129, "a", "b", "c", "d", "e", "f");
        Bad("units without names", "contract", Units, alone, model => model.PayloadStart(129));
        RawModel none = Model(6);
        none.Records[129] = [];
        Good("no unit and no name", none);

        static RawModel Named(int names, int window)
        {
            RawModel model = Model(6);
            model.Texts(3, [.. Enumerable.Repeat("n", names)]);
            if (window > 0)
            {
                model.Records[4] = [0, 0, 0, 0, .. RawModel.Four(window), 0, 0, 0, 0];
            }

            return model;
        }
    }

    private void AddWindow()
    {
        const string Three = "the window is not a period, a length and a hop";
        const string Values = "the window's period, length or hop is negative or not finite";
        foreach (int length in new[] { 0, 11, 13 })
        {
            Bad($"a window of {length} bytes", "contract", Three, Record(4, new byte[length]), model => model.PayloadStart(4));
        }

        foreach ((float period, int length, int hop) in new[] { (0f, 0, 0), (float.MaxValue, int.MaxValue, int.MaxValue), (float.Epsilon, 1, 1), (-0f, 0, 0) })
        {
            Good($"a window of {period}, {length} and {hop}, {float.IsNegative(period)}", Window(period, length, hop));
        }

        foreach ((float period, int length, int hop) in new[]
        {
            (-float.Epsilon, 0, 0), (float.NaN, 0, 0), (float.PositiveInfinity, 0, 0), (float.NegativeInfinity, 0, 0), (0f, -1, 0), (0f, 0, -1), (0f, int.MinValue, 0),
        })
        {
            Bad($"a window of {period}, {length} and {hop}", "contract", Values, Window(period, length, hop), model => model.PayloadStart(4));
        }

        static RawModel Window(float period, int length, int hop) => Record(4, [.. RawModel.Four(Bits(period)), .. RawModel.Four(length), .. RawModel.Four(hop)]);
    }

    private void AddDecision()
    {
        foreach (byte[] payload in new byte[][] { [0, 0, 1], [0, 2, 1], [255, 0, 1] })
        {
            Good($"a decision of {string.Join(' ', payload)}", Record(5, payload));
        }

        foreach ((byte[] payload, string reason) in new (byte[], string)[]
        {
            ([0, 0], "the decision is not an output, a head and a positive class"), ([0, 0, 1, 0], "the decision is not an output, a head and a positive class"),
            ([1, 0, 1], "the output that decides does not exist"), ([254, 0, 1], "the output that decides does not exist"),
            ([0, 3, 1], "the head is unknown"), ([0, 255, 1], "the head is unknown"),
            ([0, 0, 0], "the positive class is not 1, the only one supported"), ([0, 0, 2], "the positive class is not 1, the only one supported"),
        })
        {
            Bad($"a decision of {string.Join(' ', payload)}", "contract", reason, Record(5, payload), model => model.PayloadStart(5));
        }

        RawModel two = Record(5, [1, 0, 1]);
        two.Output(1);
        Good("the second output decides", two);
    }

    private void AddThresholds()
    {
        const string Threshold = "the threshold is not one number from 0 to 1";
        foreach (float[] values in new float[][] { [0f], [-0f], [0.5f], [1f] })
        {
            Good($"a threshold of {string.Join(' ', values)} {float.IsNegative(values[0])}", Floats(6, values));
        }

        foreach (float[] values in new float[][] { [-float.Epsilon], [Above1], [float.NaN], [float.PositiveInfinity], [0.5f, 0.5f] })
        {
            Bad($"a threshold of {string.Join(' ', values)}", "contract", Threshold, Floats(6, values), model => model.PayloadStart(6));
        }

        const string Band = "the abstain band is not two numbers in order, from 0 on";
        foreach (float[] values in new float[][] { [0f, 0f], [0f, 1f], [1f, 1f], [1f, 2f], [0.5f, 0.5f], [0.5f, Above1], [0f, 2f] })
        {
            Good($"a band of {string.Join(' ', values)}", Floats(9, values));
        }

        foreach (float[] values in new float[][]
        {
            [-float.Epsilon, 0.5f], [Above1, 1.5f], [0.5f, 0.49999997f], [0.5f, 2.0000002f], [float.NaN, 1f], [0.5f, float.NaN], [0.5f, float.PositiveInfinity], [0.5f], [0.5f, 0.6f, 0.7f],
        })
        {
            Bad($"a band of {string.Join(' ', values)}", "contract", Band, Floats(9, values), model => model.PayloadStart(9));
        }
    }

    private void AddCalibration()
    {
        const string Calibration = "the calibration is unknown, or its parameters do not fit it";
        foreach (float[] values in new float[][]
        {
            [1f, 2f, -1f], [1f, float.Epsilon, float.MaxValue], [1f, float.MaxValue, -float.MaxValue], [3f, 2f], [3f, float.Epsilon], [3f, float.MaxValue],
            [2f, 0.5f, 0.5f], [2f, 0f, 0f, 1f, 1f], [2f, 0f, 0.5f, 1f, 0.5f], [2f, 0f, 0f, float.Epsilon, 0f],
        })
        {
            Good($"a calibration of {string.Join(' ', values)}", Floats(8, values));
        }

        foreach (float[] values in new float[][]
        {
            [0f, 1f, 1f], [4f, 1f], [1.5f, 1f, 1f], [float.NaN, 1f], [float.PositiveInfinity, 1f], [-1f, 1f],
            [1f, 0f, 0f], [1f, -float.Epsilon, 0f], [1f, float.NaN, 0f], [1f, float.PositiveInfinity, 0f], [1f, 1f, float.NaN], [1f, 1f, float.NegativeInfinity], [1f, 1f], [1f, 1f, 0f, 0f], [1f],
            [3f, 0f], [3f, -1f], [3f, float.NaN], [3f, float.PositiveInfinity], [3f], [3f, 1f, 1f],
            [2f], [2f, 0.5f], [2f, 0.5f, 0.5f, 0.6f], [2f, -float.Epsilon, 0f], [2f, Above1, 0f], [2f, 0f, -float.Epsilon], [2f, 0f, Above1], [2f, float.NaN, 0f], [2f, 0f, float.NaN],
            [2f, 0.5f, 0f, 0.5f, 1f], [2f, 0.5f, 0f, 0.4f, 1f], [2f, 0f, 0.5f, 1f, 0.49999997f], [2f, 0f, 0f, 0.5f, 0.5f, 1f, 0.4f], [2f, 0f, 0f, 1f, Above1], [2f, 0f, 0f, Above1, 1f],
        })
        {
            Bad($"a calibration of {string.Join(' ', values)}", "contract", Calibration, Floats(8, values), model => model.PayloadStart(8));
        }

        Good("256 knots", Floats(8, Knots(256)));
        Bad("257 knots", "contract", Calibration, Floats(8, Knots(257)), model => model.PayloadStart(8));
        foreach ((int classes, float[] values, bool good) in new (int, float[], bool)[]
        {
            (1, [1f, 1f, 0f], true), (2, [1f, 1f, 0f], true), (3, [1f, 1f, 0f], false), (1, [2f, 0f, 0f], true), (2, [2f, 0f, 0f], true), (3, [2f, 0f, 0f], false), (3, [3f, 1f], true), (1, [3f, 1f], true),
        })
        {
            RawModel model = Model(classes);
            model.Record(8, values);
            if (good)
            {
                Good($"method {values[0]} of {classes} outputs", model);
            }
            else
            {
                Bad($"method {values[0]} of {classes} outputs", "contract", Calibration, model, laid => laid.PayloadStart(8));
            }
        }

        static float[] Knots(int count) => [2f, .. Enumerable.Range(0, count).SelectMany(i => new[] { i / 256f, i / 256f })];
    }

    private void AddStatistics()
    {
        const string Statistics = "the input statistics are not mean, scale above 0, minimum and maximum for each input";
        const string Limits = "the input limits are not two numbers above 0";
        float[] one = [0f, 1f, -2f, 2f];
        foreach (float[] values in new float[][] { one, [float.MaxValue, 1f, 0f, 0f], [0f, MathF.BitIncrement(Power), 0f, 0f], [0f, float.MaxValue, -float.MaxValue, float.MaxValue] })
        {
            Good($"statistics of {string.Join(' ', values)}", Floats(10, [.. one, .. values]));
        }

        foreach (float[] values in new float[][]
        {
            [float.NaN, 1f, 0f, 0f], [float.PositiveInfinity, 1f, 0f, 0f], [0f, 0f, 0f, 0f], [0f, -1f, 0f, 0f], [0f, float.NaN, 0f, 0f], [0f, float.PositiveInfinity, 0f, 0f], [0f, float.Epsilon, 0f, 0f],
            [0f, Power, 0f, 0f], [0f, 1f, float.NaN, 0f], [0f, 1f, 0f, float.NaN], [0f, 1f, float.NegativeInfinity, 0f], [0f, 1f, 0f, float.PositiveInfinity], [0f, 1f, 1f, 0.99999994f], [0f, 1f, 0f], [0f, 1f, 0f, 0f, 0f], [],
            [.. one, .. one],
        })
        {
            Bad($"statistics of {string.Join(' ', values)}", "contract", Statistics, Floats(10, [.. one, .. values]), model => model.PayloadStart(10));
        }

        Bad("a first statistic that is broken", "contract", Statistics, Floats(10, [0f, 0f, 0f, 0f, .. one]), model => model.PayloadStart(10));
        Bad("limits without statistics", "contract", "the input limits need input statistics, which are missing", Floats(11, [1f, 9f]), model => model.PayloadStart(11));
        foreach (float[] values in new float[][] { [1f, 9f], [float.Epsilon, float.Epsilon], [float.MaxValue, float.MaxValue] })
        {
            Good($"limits of {string.Join(' ', values)}", Limited(values));
        }

        foreach (float[] values in new float[][]
        {
            [0f, 9f], [1f, 0f], [-1f, 9f], [1f, -1f], [float.NaN, 9f], [1f, float.NaN], [float.PositiveInfinity, 9f], [1f, float.PositiveInfinity], [1f], [1f, 9f, 9f],
        })
        {
            Bad($"limits of {string.Join(' ', values)}", "contract", Limits, Limited(values), model => model.PayloadStart(11));
        }

        RawModel Limited(float[] values)
        {
            RawModel model = Floats(10, [.. one, .. one]);
            model.Record(11, values);
            return model;
        }
    }

    private static RawModel Model(int values) => One(Opcode.Activation, F32, [values], [values], [0, 0, 0]);

    private static RawModel Record(int key, byte[] payload)
    {
        RawModel model = Model(2);
        model.Records[key] = payload;
        return model;
    }

    private static RawModel Floats(int key, float[] values)
    {
        RawModel model = Model(2);
        model.Record(key, values);
        return model;
    }
}
