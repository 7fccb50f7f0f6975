using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Record 14: the learning heads. nanoFramework's engine takes it as it is, and checks it when a head is made.</summary>
internal sealed class AdaptationRows : RuleRows
{
    private const int Features = 4;
    private const int HeaderBytes = 30;

    protected override void Add()
    {
        AddPlaces();
        AddNumbers();
        AddEnds();
        AddModels();
    }

    private void AddPlaces()
    {
        Good("a layer that learns", Model());
        Good("all heads", Model(record => { record[4] = 15; record[22] = 3; }, means: true));
        Good("a softmax", Model(record => record[5] = 2));
        Bad("a record of 29 bytes", "contract", "the record of the learning heads is shorter than its 30 bytes", Raw([.. Record()[..29]]), model => model.PayloadStart(14));
        Bad("an operator past the last", "contract", "the operator of the learning heads does not exist", Model(record => record[2] = 1), model => model.PayloadStart(14) + 2);
        Bad("a hidden vector that the layer does not read", "contract", "the hidden vector of the learning heads is not what their layer reads", Model(record => record[0] = 1), model => model.PayloadStart(14));
        foreach (int heads in new[] { 0, 8, 16, 17, 255 })
        {
            Bad($"heads {heads}", "contract", "the record of the learning heads has no head or an unknown one; update the runtime", Model(record => record[4] = (byte)heads), model => model.PayloadStart(14) + 4);
        }

        foreach (int link in new[] { 0, 3, 255 })
        {
            Bad($"function {link}", "contract", "the learning heads need a sigmoid, or a softmax of two units or more", Model(record => record[5] = (byte)link), model => model.PayloadStart(14) + 5);
        }

        Bad("a softmax of one unit", "contract", "the learning heads need a sigmoid, or a softmax of two units or more", Model(record => record[5] = 2, units: 1), model => model.PayloadStart(14) + 5);
        Good("a sigmoid of one unit", Model(units: 1));
        foreach ((string name, int bits) in new[] { ("0", 0), ("below 0", -1), ("infinite", 0x7F800000), ("not a number", 0x7FC00000), ("subnormal", 0x007FFFFF) })
        {
            Bad($"a logit step that is {name}", "contract", "the logit step of the learning heads is not a finite number above 0", Model(record => BitConverter.TryWriteBytes(record.AsSpan(8), bits)), model => model.PayloadStart(14) + 8);
        }

        // With multiplier 2^30, shift 0 and 24 fraction bits 2^6 is where 31 bits of the product hold it.
        Good("the smallest logit step", Model(record => BitConverter.TryWriteBytes(record.AsSpan(8), 1.1754944e-38f)));
        Good("a logit step below 2^7", Model(record => BitConverter.TryWriteBytes(record.AsSpan(8), 127.99999f)));
        Bad("a logit step of 2^7", "contract", "the logit step of the learning heads is too large for their fraction bits", Model(record => BitConverter.TryWriteBytes(record.AsSpan(8), 128f)), model => model.PayloadStart(14) + 8);
    }

    private void AddNumbers()
    {
        Number("fraction bits", 6, 1, 16, 30);
        Number("passes", 7, 1, 0, 32);
        Number("greatest change of a weight", 12, 4, 1, 1 << 30);
        Number("learning rate", 16, 2, 1, 32767);
        Number("shift of the learning rate", 18, 1, 1, 46);
        Number("input of the bias", 19, 1, 0, 14);
        Number("stored samples", 20, 2, 0, 1024);
        Number("quantile", 24, 2, 1, 32767);
        Number("normal samples before the first threshold", 26, 2, 2, 4096);
        Number("greatest change of a logit", 28, 2, 1, 65535);
        Good("32 added classes", Model(record => { record[4] = 2; record[22] = 32; }, means: true));
        Bad("33 added classes", "contract", "the added classes of the learning heads: 33 is not from 0 to 32", Model(record => { record[4] = 2; record[22] = 33; }, means: true), model => model.PayloadStart(14) + 22);
        foreach ((int heads, int classes) in new[] { (1, 1), (2, 0) })
        {
            Bad($"heads {heads} with room for {classes}", "contract", "the learning heads add classes without room for one, or have room without the head", Model(record => { record[4] = (byte)heads; record[22] = (byte)classes; }), model => model.PayloadStart(14) + 22);
        }

        Good("15 neighbours", Model(record => { record[20] = 15; record[23] = 15; }));
        Bad("an even number of neighbours", "contract", "the neighbours of the learning heads are an even number", Model(record => { record[20] = 15; record[23] = 4; }), model => model.PayloadStart(14) + 23);
        Bad("more neighbours than samples", "contract", "the neighbours of the learning heads: 5 is not from 0 to 4", Model(record => { record[20] = 4; record[23] = 5; }), model => model.PayloadStart(14) + 23);
        Bad("17 neighbours", "contract", "the neighbours of the learning heads: 17 is not from 0 to 15", Model(record => { record[20] = 40; record[23] = 17; }), model => model.PayloadStart(14) + 23);
        Good("252 classes and two", Model(record => { record[4] = 2; record[22] = 2; }, units: 252, means: true));
        Bad("252 classes and three", "contract", "the learning heads have more than 254 classes", Model(record => { record[4] = 2; record[22] = 3; }, units: 252, means: true), model => model.PayloadStart(14) + 22);
    }

    private void AddEnds()
    {
        const string Length = "the record of the learning heads has another length than its classes of self-test vectors and means of classes";
        Good("self-test vectors of every class and of none", Model(tests: [0, 1, 255]));
        Bad("a self-test vector of a class that does not exist", "contract", "the class of a self-test vector does not exist", Model(tests: [0, 2]), model => model.PayloadStart(14) + HeaderBytes + 1);
        Bad("a byte more", "contract", Length, Raw([.. Record(), 0]), model => model.PayloadStart(14));
        Bad("a class without its vector", "contract", Length, Raw([.. Record(), 1]), model => model.PayloadStart(14));
        Bad("added classes without means", "contract", Length, Model(record => { record[4] = 2; record[22] = 1; }), model => model.PayloadStart(14));
        Bad("means that nothing needs", "contract", Length, Model(means: true), model => model.PayloadStart(14));
    }

    private void AddModels()
    {
        RawModel role = Plain(2, role: 3);
        role.Records[14] = Record();
        Bad("an output of scores", "contract", "learning heads need an output of probabilities", role, model => model.PayloadStart(14));
        RawModel twice = Plain(2);
        twice.Output(1, 1);
        twice.Records[14] = Record();
        Bad("two outputs", "contract", "the layer of the learning heads has other units than the model's only output", twice, model => model.PayloadStart(14) + 2);
        RawModel state = Plain(2);
        state.Arena(F32, [2], storage: 2);
        state.Records[14] = Record();
        Bad("a state", "contract", "a model that keeps a state cannot have learning heads", state, model => model.PayloadStart(14));
        RawModel over = Plain(2);
        over.Op(Opcode.Reshape, [1], [over.Arena(I8, [2, 1], 1f / 256, -128, offset: over.Tensors[0].Offset)], []);
        over.Records[14] = Record();
        Bad("an operator that writes over the hidden vector", "contract", "an operator writes over the hidden vector of the learning heads", over, model => model.PayloadStart(14));
        RawModel floats = One(Opcode.Dense, F32, [1, 4], [1, 2], [0, 0, 0, 0, 0, 0], model => [model.Floats([2, 4], 1, 2, 3, 4, 5, 6, 7, 8)]);
        floats.Records[14] = Record();
        Bad("float32", "contract", "learning heads need a hidden vector of int8 or int16", floats, model => model.PayloadStart(14));
        RawModel other = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
        other.Records[14] = Record();
        Bad("another operator", "contract", "the operator of the learning heads is not a Dense layer", other, model => model.PayloadStart(14) + 2);
        RawModel rows = Plain(2, rows: 2);
        rows.Records[14] = Record();
        Bad("several rows", "contract", "the layer of the learning heads has several rows", rows, model => model.PayloadStart(14) + 2);
        RawModel wide = Plain(2, features: 4096);
        wide.Records[14] = Record();
        Good("a hidden vector of 4096", wide);
        RawModel wider = Plain(2, features: 4097);
        wider.Records[14] = Record();
        Bad("a hidden vector of 4097", "contract", "the hidden vector of the learning heads is not in the arena or has more than 4096 elements", wider, model => model.PayloadStart(14));
    }

    private void Number(string name, int offset, int bytes, int least, int most)
    {
        foreach (int value in new[] { least, most })
        {
            Good($"{name} of {value}", With(value));
        }

        foreach (long value in new[] { least - 1L, most + 1L })
        {
            if (value >= 0 && value < 1L << (8 * bytes))
            {
                Bad($"{name} of {value}", "contract", $"the {name} of the learning heads: {value} is not from {least} to {most}", With((int)value), model => model.PayloadStart(14) + offset);
            }
        }

        RawModel With(int value) => Model(record => BitConverter.GetBytes(value).AsSpan(0, bytes).CopyTo(record.AsSpan(offset)));
    }

    private static RawModel Model(Action<byte[]>? change = null, int units = 2, bool means = false, byte[]? tests = null)
    {
        RawModel model = Plain(units);
        byte[] record = Record();
        change?.Invoke(record);
        model.SelfTest = new byte[(tests?.Length ?? 0) * ((4 * Features) + units)];
        model.Records[14] = [.. record, .. tests ?? [], .. means ? new byte[Math.Max(2, units) * Features] : []];
        return model;
    }

    private static RawModel Raw(byte[] record)
    {
        RawModel model = Plain(2);
        model.Records[14] = record;
        return model;
    }

    private static RawModel Plain(int units, int role = 1, int rows = 1, int features = Features)
    {
        var model = new RawModel();
        int x = model.Arena(I8, [rows, features], 0.5f, 3);
        int y = model.Arena(I8, [rows, units], 1f / 256, -128);
        model.Input(x);
        model.Output(y, role);
        model.Op(Opcode.Dense, [x, model.Bytes([units, features], new sbyte[units * features]), model.Ints([units], new int[units]), model.Ints([1], 1 << 30), model.Shifts(0)], [y], 0, 0, 0, -128, 127, -128);
        return model;
    }

    // Tensor 0 and operator 0; a sigmoid; 24 fraction bits.
    private static byte[] Record()
    {
        byte[] record = new byte[HeaderBytes];
        record[4] = 1;
        record[5] = 1;
        record[6] = 24;
        BitConverter.TryWriteBytes(record.AsSpan(8), 0.01f);
        record[12] = 100;
        record[16] = 9;
        record[18] = 5;
        record[24] = 1;
        record[26] = 2;
        record[28] = 1;
        return record;
    }
}
