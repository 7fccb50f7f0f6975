using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The record of a signal pipeline.</summary>
internal sealed class SignalsRows : RuleRows
{
    private const int Unit = 1 << 30;

    private static readonly byte[] mean = [0];
    private static readonly byte[] x = Channel(1f, "x");

    protected override void Add()
    {
        AddWindow();
        AddChannels();
        AddFilters();
        AddFeatures();
        AddEdges();
        AddInputs();
    }

    private void AddWindow()
    {
        RawModel none = Model([1, 0, 1, .. x, .. mean]);
        none.Records.Remove(4);
        Refused("no window", "the signals need the record of the window, of a period, a length and a hop", none);
        Good("a period that is short", Model([1, 0, 1, .. x, .. mean], period: float.Epsilon));
        Bad("a period of 0", "contract", "the signals' sample period is not above 0 and finite", Model([1, 0, 1, .. x, .. mean], period: 0), model => model.PayloadStart(4));
        foreach ((int length, int hop) in new[] { (2, 1), (2, 2), (16384, 1), (16384, 16384) })
        {
            Good($"a window of {length} samples and a hop of {hop}", Model([1, 0, 1, .. x, .. mean], length: length, hop: hop));
        }

        foreach (int length in new[] { 0, 1, 16385 })
        {
            Bad($"a window of {length} samples", "contract", "the signals' window does not have 2 to 16384 samples", Model([1, 0, 1, .. x, .. mean], length: length), model => model.PayloadStart(4));
        }

        foreach (int hop in new[] { 0, 9 })
        {
            Bad($"a hop of {hop} in a window of 8", "contract", "the signals' hop is not 1 to the window's length", Model([1, 0, 1, .. x, .. mean], hop: hop), model => model.PayloadStart(4));
        }
    }

    private void AddChannels()
    {
        for (int length = 0; length < 3; length++)
        {
            Refused($"{length} bytes", "the signals have no header", Model([.. new byte[length].Select(_ => (byte)1)]));
        }

        Refused("no channel", "the signals have no channel", Model([0, 0, 1, .. mean]));
        byte[] many = [.. Enumerable.Range(0, 65).SelectMany(i => Channel(1f, $"c{i:D2}"))];
        Good("64 channels of 16,384 samples", Model([64, 0, 1, .. many[..(64 * 8)], .. mean], 64, length: 16384));
        Refused("65 channels of 16,384 samples", "the windows of all channels have more than 1048576 counts", Model([65, 0, 1, .. many, .. mean], 65, length: 16384));
        Good("255 channels", Model([255, 0, 1, .. Enumerable.Range(0, 255).SelectMany(i => Channel(1f, $"{i}")), .. mean], 255));
        foreach (int bytes in new[] { 0, 3, 4 })
        {
            At($"a channel of {bytes} bytes", 3, "a channel of the signals does not fit in the record", Model([1, 0, 1, .. x[..bytes]]));
        }

        At("a second channel of four bytes", 9, "a channel of the signals does not fit in the record", Model([2, 0, 1, .. x, .. x[..4]]));
        foreach (float size in new[] { float.Epsilon, float.MaxValue })
        {
            Good($"a count of {size}", Model([1, 0, 1, .. Channel(size, "x"), .. mean]));
        }

        foreach (float size in new[] { 0f, -1f, float.NaN, float.PositiveInfinity })
        {
            At($"a count of {size}", 3, "the size of a count is not above 0 and finite", Model([1, 0, 1, .. Channel(size, "x"), .. mean]));
        }

        Good("a long name", Model([1, 0, 1, .. Channel(1f, new string('n', 200)), .. mean]));
        At("a name past the record", 7, "a channel's name does not fit in the record", Model([1, 0, 1, .. RawModel.Four(RawModel.Bits(1f)), 3, 65, 0]));
        At("a name of one letter that is not there", 7, "a channel's name does not fit in the record", Model([1, 0, 1, .. RawModel.Four(RawModel.Bits(1f)), 1]));
        At("a name of no letters", 7, "a channel has no name", Model([1, 0, 1, .. Channel(1f, ""), .. mean]));
        At("a name of no letters in two bytes", 7, "a channel has no name", Model([1, 0, 1, .. RawModel.Four(RawModel.Bits(1f)), 128, 0, .. mean]));
        foreach (string names in new[] { "aab", "aba", "baa" })
        {
            byte[] three = [.. names.SelectMany(name => Channel(1f, $"{name}"))];
            At($"channels {names}", 3 + (6 * names.LastIndexOf('a')), "two channels of the signals have one name", Model([3, 0, 1, .. three, .. mean], 3));
        }
    }

    private void AddFilters()
    {
        byte[] Filter(int a1, int a2) => [.. new[] { int.MaxValue, int.MinValue, 1, a1, a2 }.SelectMany(RawModel.Four)];
        byte[] plain = Filter(0, 0);
        Good("16 filters", Model([1, 16, 1, .. x, .. Enumerable.Repeat(plain, 16).SelectMany(filter => filter), .. mean]));
        At("17 filters", 1, "the signals have more than 16 filters", Model([1, 17, 1, .. x, .. Enumerable.Repeat(plain, 17).SelectMany(filter => filter), .. mean]));
        At("a filter of 19 bytes", 9, "the signals' filters do not fit in the record", Model([1, 1, 1, .. x, .. plain[..19]]));
        At("a filter and no feature", 29, "a feature of the signals does not fit in the record", Model([1, 1, 1, .. x, .. plain]));
        foreach ((int a1, int a2) in new[] { (0, Unit - 1), (0, 1 - Unit), (Unit - 1, 0), (1 - Unit, 0), (int.MaxValue - 1, Unit - 1), (int.MinValue + 2, Unit - 1) })
        {
            Good($"a filter of {a1} and {a2}", Model([1, 1, 1, .. x, .. Filter(a1, a2), .. mean]));
        }

        foreach ((int a1, int a2) in new[] { (0, Unit), (0, -Unit), (Unit, 0), (-Unit, 0), (int.MaxValue, Unit - 1), (int.MinValue + 1, Unit - 1), (0, int.MinValue), (int.MinValue, Unit - 1) })
        {
            At($"a filter of {a1} and {a2}", 29, "a filter of the signals is not stable", Model([1, 2, 1, .. x, .. plain, .. Filter(a1, a2), .. mean]));
        }
    }

    private void AddFeatures()
    {
        const string Number = "the signals do not have 1 to 8 kinds of features";
        byte[] eight = [0, 1, 2, 3, 4, .. Bands(5, 1, 2), .. Bands(6, 0, 1, 2), .. Bands(7, 0, 1, 2)];
        Good("eight features", Model([1, 0, 8, .. x, .. eight], 8));
        At("no feature", 2, Number, Model([1, 0, 0, .. x]));
        At("nine features", 2, Number, Model([1, 0, 9, .. x, .. eight, 0], 9));
        At("a second feature that is not there", 10, "a feature of the signals does not fit in the record", Model([1, 0, 2, .. x, .. mean], 2));
        At("a feature of kind 8", 9, "a feature of the signals is unknown; update the runtime", Model([1, 0, 1, .. x, 8]));
        At("a byte more", 10, "the record of the signals goes on after its last feature", Model([1, 0, 1, .. x, .. mean, 0]));
        for (byte kind = 0; kind < 8; kind++)
        {
            byte[] one = kind < 5 ? [kind] : Bands(kind, [.. Enumerable.Range(1, kind == 5 ? 2 : 3)]);
            Good($"kind {kind} alone", Model([1, 0, 1, .. x, .. one]));
            At($"kind {kind} twice", 9 + one.Length, "a feature of the signals is there twice", Model([1, 0, 2, .. x, .. one, .. one], 2));
        }

        Good("a spectrum of 4 samples", Model([1, 0, 1, .. x, .. Bands(5, 1, 3)], length: 4, hop: 1));
        At("a spectrum of 3 samples", 10, "a spectrum needs a window of 4 samples or more", Model([1, 0, 1, .. x, .. Bands(5, 1, 3)], length: 3, hop: 1));
        for (int bytes = 0; bytes < 2; bytes++)
        {
            At($"{bytes} bytes of a number of bands", 10, "a feature of the signals does not fit in the record", Model([1, 0, 1, .. x, 5, .. new byte[bytes]]));
        }

        Good("256 bands", Model([1, 0, 1, .. x, .. Bands(5, [.. Enumerable.Range(1, 257)])], 256, length: 512));
        foreach (int bands in new[] { 0, 257 })
        {
            At($"{bands} bands", 10, "a feature of the signals does not have 1 to 256 bands", Model([1, 0, 1, .. x, .. Bands(5, [.. Enumerable.Range(1, bands + 1)])], bands, length: 1024));
        }

        At("a number of bands alone", 10, "the bands of the signals do not fit in the record", Model([1, 0, 1, .. x, 5, 1, 0]));
        foreach (byte kind in new byte[] { 5, 6, 7 })
        {
            byte[] two = Bands(kind, [.. Enumerable.Range(1, kind == 5 ? 3 : 4)]);
            At($"edges of kind {kind} without their last byte", 10, "the bands of the signals do not fit in the record", Model([1, 0, 1, .. x, .. two[..^1]], 2));
        }
    }

    private void AddEdges()
    {
        const string Ascend = "the edges of the signals' bands do not ascend within the spectrum";

        // Eight samples have four bins, nine have eight.
        foreach ((int length, int bins) in new[] { (4, 2), (5, 4), (8, 4), (9, 8) })
        {
            Good($"all {bins} bins of {length}", Model([1, 0, 1, .. x, .. Bands(5, 1, bins + 1)], length: length, hop: 1));
            At($"a bin more than {bins} of {length}", 16, Ascend, Model([1, 0, 1, .. x, .. Bands(5, 1, bins + 2)], length: length, hop: 1));
            foreach (byte kind in new byte[] { 6, 7 })
            {
                Good($"a triangle of kind {kind} over all {bins} bins of {length}", Model([1, 0, 1, .. x, .. Bands(kind, 0, 1, 256 * bins)], length: length, hop: 1));
                At($"a triangle of kind {kind} past {bins} bins of {length}", 20, Ascend, Model([1, 0, 1, .. x, .. Bands(kind, 0, 1, (256 * bins) + 1)], length: length, hop: 1));
            }
        }

        At("bin 0", 12, Ascend, Model([1, 0, 1, .. x, .. Bands(5, 0, 2)]));
        At("a band without a bin", 16, Ascend, Model([1, 0, 1, .. x, .. Bands(5, 2, 2)]));
        At("bins downwards", 20, Ascend, Model([1, 0, 1, .. x, .. Bands(5, 2, 4, 3)], 2));
        foreach (byte kind in new byte[] { 6, 7 })
        {
            At($"a triangle of kind {kind} below 0", 12, Ascend, Model([1, 0, 1, .. x, .. Bands(kind, -1, 1, 2)]));
            At($"a triangle of kind {kind} that does not rise", 16, Ascend, Model([1, 0, 1, .. x, .. Bands(kind, 5, 5, 6)]));
            At($"a triangle of kind {kind} that does not fall", 20, Ascend, Model([1, 0, 1, .. x, .. Bands(kind, 5, 6, 6)]));
        }

        At("edges of a second feature", 23, Ascend, Model([1, 0, 2, .. x, .. Bands(5, 1, 2), .. Bands(6, -1, 2, 3)], 2));
    }

    private void AddInputs()
    {
        const string Count = "the signals do not make one feature for each value that the model takes";
        const string Names = "the names of the inputs are not those of the signals' features";
        byte[] record = [2, 0, 8, .. Channel(1f, "left"), .. Channel(1f, "r"), .. Bands(7, 0, 1, 2), .. Bands(6, 0, 1, 2, 3), .. Bands(5, 1, 2, 3, 4), 4, 3, 2, 0, 1];
        string[] kinds = ["log_mel_power_0", "mel_power_0", "mel_power_1", "band_power_0", "band_power_1", "band_power_2", "zero_crossing_rate", "peak", "rms", "mean", "variance"];
        string[] names = [.. kinds.Select(kind => "left_" + kind), .. kinds.Select(kind => "r_" + kind)];
        Good("22 features without names", Model(record, 22));
        foreach (int inputs in new[] { 11, 21, 23 })
        {
            Refused($"{inputs} values of 22 features", Count, Model(record, inputs));
        }

        RawModel named = Model(record, 22);
        named.Texts(3, names);
        Good("22 features with their names", named);
        for (int i = 0; i < names.Length; i++)
        {
            RawModel other = Model(record, 22);
            string[] changed = [.. names];
            changed[i] += "?";
            other.Texts(3, changed);
            Bad($"another name of feature {i}", "contract", Names, other, model => model.PayloadStart(3));
        }

        // As many values as a window of one name has: a name of a sample.
        RawModel sample = Model([1, 0, 3, .. x, 0, 1, .. Bands(5, 1, 2, 3)], 4, length: 4, hop: 4);
        sample.Texts(3, "x_mean");
        Bad("a name for four features", "contract", Names, sample, model => model.PayloadStart(3));
    }

    private void Refused(string name, string reason, RawModel model) => At(name, 0, reason, model);

    private void At(string name, int offset, string reason, RawModel model) => Bad(name, "contract", reason, model, laid => laid.PayloadStart(13) + offset);

    private static byte[] Channel(float size, string name) => [.. RawModel.Four(RawModel.Bits(size)), .. RawModel.Text(name)];

    private static byte[] Bands(byte kind, params int[] edges) => [kind, .. RawModel.Two(edges.Length - (kind == 5 ? 1 : 2)), .. edges.SelectMany(RawModel.Four)];

    private static RawModel Model(byte[] record, int inputs = 1, float period = 0.01f, int length = 8, int hop = 1)
    {
        int size = Math.Max(inputs, 1);
        RawModel model = One(Opcode.Activation, F32, [size], [size], [0, 0, 0]);
        model.Records[4] = [.. RawModel.Four(RawModel.Bits(period)), .. RawModel.Four(length), .. RawModel.Four(hop)];
        model.Records[13] = record;
        return model;
    }
}
