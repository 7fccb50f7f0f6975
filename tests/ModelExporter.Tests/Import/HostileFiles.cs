using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelTraining;
using EdgeInference.Tool.Tests.Import.Keras;
using EdgeInference.Tool.Tests.Import.Tflite;
using EdgeInference.Tool.Tests.Import.Weights;

namespace EdgeInference.Tool.Tests.Import;

/// <summary>One hostile file.</summary>
/// <param name="File">Its name.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Expected">What the sentence must say.</param>
internal sealed record HostileFile(string File, byte[] Content, string Expected);

/// <summary>Files that no exporter writes, by hand, one for each thing that an importer must not trust.</summary>
internal static class HostileFiles
{
    private const string Inputs = """{"batch_shape": [null, 2]}""";

    // Compressing takes longer than refusing.
    private static readonly Lazy<byte[]> kerasBomb = new(() => KerasArchiveBuilder.Zip(("config.json", new byte[400_000_000])));
    private static readonly Lazy<byte[]> npzBomb = new(() => KerasArchiveBuilder.Zip(("w.npy", new byte[400_000_000])));

    private static readonly Lazy<byte[]> manyParts = new(() => KerasArchiveBuilder.Zip([.. Enumerable.Range(0, 70_000).Select(i => ($"{i}.npy", Array.Empty<byte>()))]));

    internal static readonly IReadOnlyDictionary<string, Func<HostileFile>> All = new Dictionary<string, Func<HostileFile>>
    {
        ["onnx cycle"] = () => Onnx("form a cycle", graph => graph.Message(1, Node("Add", ["x", "b"], "a")).Message(1, Node("Relu", ["a"], "b")), "b"),
        ["onnx missing tensor"] = () => Onnx("reads the tensor 'nowhere', which does not exist", graph => graph.Message(1, Node("Add", ["x", "nowhere"], "y"))),
        ["onnx missing output"] = () => Onnx("no node produces the output 'y'", graph => graph),
        ["onnx produced twice"] = () => Onnx("is produced twice", graph => graph.Message(1, Node("Relu", ["x"], "y")).Message(1, Node("Abs", ["x"], "y"))),
        ["onnx constant twice"] = () => Onnx("is produced twice", graph => graph.Message(5, Tensor("w", [1])).Message(5, Tensor("w", [1])).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx negative dimension"] = () => Onnx("declares the shape [-3]", graph => graph.Message(5, Tensor("w", [-3])).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx 2 GB in 20 bytes"] = () => Onnx("but its shape and type need", graph => graph.Message(5, Tensor("w", [536870911])).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx 2 GB in no bytes"] = () => Onnx("has 0 elements but its shape needs", graph => graph.Message(5, new ProtobufMessage().Integer(1, 536870911).Integer(2, 1).Text(8, "w")).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx product overflows"] = () => Onnx("which is not valid", graph => graph.Message(5, Tensor("w", [1L << 40, 1L << 40])).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx constant text"] = () => Onnx("m.onnx'", graph => graph.Message(5, new ProtobufMessage().Integer(1, 1).Integer(2, 8).Text(6, "no").Text(8, "w")).Message(1, Node("Gemm", ["x", "w"], "y"))),
        ["onnx attribute of another kind"] = () => Onnx("of kind Text, expected Int", graph => graph.Message(1, Node("Softmax", ["x"], "y").Message(5, new ProtobufMessage().Text(1, "axis").Text(4, "first").Integer(20, 3)))),
        ["onnx path traversal"] = () => Onnx("is outside the model's folder; this is not allowed", graph => graph.Message(5, External("../../../../../../etc/passwd")).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx absolute path"] = () => Onnx("is outside the model's folder; this is not allowed", graph => graph.Message(5, External("/etc/passwd")).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx zero in a path"] = () => Onnx("has the location 'w?x', which is not a path", graph => graph.Message(5, External("w\0x")).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx nodes of two bytes"] = () => Onnx("far more nodes, tensors and names than a model of its size", graph => Enumerable.Range(0, 300_000).Aggregate(graph, (all, _) => all.Bytes(1, []))),
        ["onnx deep nesting"] = () => Onnx("messages nest deeper than", graph => graph.Message(1, Nested(200))),
        ["onnx function calls itself"] = () => Function("expands without end", [Node("F", ["a"], "b", "own")]),
        ["onnx function doubles"] = () => Function("expands without end", [Node("F", ["a"], "c", "own"), Node("F", ["c"], "b", "own")]),
        ["onnx constants without end"] = () => Onnx("m.onnx'", Constants, "none"),
        ["onnx repeated shape"] = () => Onnx("which needs more than the 256 MiB", graph => graph.Message(5, Integers("s", 30000, 30000)).Message(1, Node("ConstantOfShape", ["s"], "c")).Message(1, Node("Add", ["x", "c"], "y"))),

        ["onnx 10,000,000 dimensions"] = () => Onnx("field 1 has more than 64 numbers", graph => graph.Message(5, new ProtobufMessage().Bytes(1, [.. Enumerable.Repeat((byte)1, 10_000_000)]).Integer(2, 1).Text(8, "w")).Message(1, Node("Add", ["x", "w"], "y"))),
        ["onnx 10,000,000 integers of a byte"] = () => Onnx("has 10000000 elements but its shape needs 9", graph => graph.Message(5, new ProtobufMessage().Integer(1, 9).Integer(2, 7).Bytes(7, [.. Enumerable.Repeat((byte)1, 10_000_000)]).Text(8, "w")).Message(1, Node("Add", ["x", "w"], "y"))),

        ["tflite huge shape"] = () => Tflite("m.tflite", [1, 1 << 30]),
        ["tflite negative shape"] = () => Tflite("m.tflite", [1, -4]),
        ["tflite product overflows"] = () => Tflite("m.tflite", [65536, 65536]),
        ["tflite huge vector"] = HugeVector,

        ["keras zip bomb"] = () => new HostileFile("m.keras", kerasBomb.Value, "far more than the archive"),
        ["keras no parts"] = () => new HostileFile("m.keras", KerasArchiveBuilder.Zip(("notes.txt", [1])), "the archive has no 'config.json'"),
        ["keras deep nesting"] = () => new HostileFile("m.keras", KerasArchiveBuilder.Zip(("config.json", Encoding.ASCII.GetBytes(new string('[', 100_000))), ("model.weights.h5", [])), "cannot be read as a Keras model"),
        ["keras cycle"] = () => Keras("layers form a cycle", new KerasArchiveBuilder().Functional("""[["x", 0, 0]]""", """[["a", 0, 0]]""").Layer("InputLayer", "x", Inputs, "[]")
            .Layer("Add", "a", "{}", """[[["x", 0, 0, {}], ["b", 0, 0, {}]]]""").Layer("ReLU", "b", "{}", """[[["a", 0, 0, {}]]]""")),
        ["keras missing layer"] = () => Keras("refers to layer 'y', which it does not have", new KerasArchiveBuilder().Functional("""[["x", 0, 0]]""", """[["y", 0, 0]]""").Layer("InputLayer", "x", Inputs, "[]")),
        ["keras two of one name"] = () => Keras("two layers named 'a'", new KerasArchiveBuilder().Layer("InputLayer", "a", Inputs).Layer("ReLU", "a")),
        ["keras missing weights"] = () => Keras("needs 2 weights but the file has 0", new KerasArchiveBuilder().Layer("InputLayer", "x", Inputs).Layer("Dense", "d")),
        ["keras weights of another shape"] = () => Keras("has weights of [3, 1], expected [2, ?]", new KerasArchiveBuilder().Layer("InputLayer", "x", Inputs).Layer("Dense", "d", """{"use_bias": false}""").Weights("dense", new float[3, 1])),
        ["keras huge input"] = () => Keras("which is not supported for an input", new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, 2147483647, 2147483647]}""").Layer("ReLU", "r")),
        ["keras negative input"] = () => Keras("which is not supported for an input", new KerasArchiveBuilder().Layer("InputLayer", "x", """{"batch_shape": [null, -2]}""").Layer("ReLU", "r")),
        ["keras wrong type"] = () => Keras("cannot be read as a Keras model", new KerasArchiveBuilder().Layer("InputLayer", "x", Inputs).Layer("Reshape", "r", """{"target_shape": "two"}""")),
        ["keras huge repeat"] = () => Keras("more than", new KerasArchiveBuilder().Layer("InputLayer", "x", Inputs).Layer("RepeatVector", "r", """{"n": 2000000000}""")),
        ["h5 elements in another file"] = () => Fixture("external_data.h5", "are outside the file"),
        ["h5 elements of another file's dataset"] = () => Fixture("virtual_data.h5", "are outside the file"),
        ["h5 link to itself"] = () => Fixture("link_loop.h5", "cannot be read as a Keras model"),
        ["h5 heap of names of 2 GB"] = () => Heap("HEAP"u8, 8),
        ["h5 heap of texts of 2 GB"] = () => Heap("GCOL"u8, 8),
        ["h5 attribute of 2 GB"] = Attribute,
        ["h5 attribute of 2 GB, newest headers"] = () => Enlarged("latest.h5", "weight_names\0"u8, 25, int.MaxValue),
        ["h5 texts of 2 GB in an attribute"] = () => Enlarged("latest.h5", "weight_names\0"u8, 17, int.MaxValue),
        ["h5 fill value of 2 GB"] = () => Enlarged("functional.h5", FillValue, 12, int.MaxValue),
        ["h5 fill value of 16 MB, oldest message"] = () => Enlarged("functional.h5", FillValue, 0, 0x00080004),
        ["h5 name of 2 GB"] = () => Enlarged("latest.h5", "\u0001\0\u000dmodel_weights"u8, 0, 0x7f0d0201),
        ["h5 text of 2 GB"] = () => Heap("GCOL"u8, 24),
        ["h5 2 GB in 8 KB"] = () => Fixture("huge_dataset.h5", "but the file is too short for it"),

        ["safetensors 2 GB header"] = () => new HostileFile("m.safetensors", [0, 0, 0, 128, 0, 0, 0, 0, .. new byte[12]], "ends inside its header"),
        ["safetensors negative header"] = () => new HostileFile("m.safetensors", [.. Enumerable.Repeat((byte)255, 20)], "ends inside its header"),
        ["safetensors huge shape"] = () => Safetensors("has 4 bytes; write the file again", """{"w": {"dtype": "F32", "shape": [2147483647, 2147483647, 4], "data_offsets": [0, 4]}}"""),
        ["safetensors negative shape"] = () => Safetensors("has 4 bytes; write the file again", """{"w": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}"""),
        ["safetensors outside"] = () => Safetensors("of 4 bytes; copy the file again", """{"w": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}"""),
        ["safetensors overlap"] = () => Safetensors("expected 4", """{"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "v": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"""),
        ["safetensors two of one name"] = () => Safetensors("has an invalid .safetensors header", """{"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"""),
        ["safetensors wrong types"] = () => Safetensors("has an invalid .safetensors header", """{"w": {"dtype": 5, "shape": "one", "data_offsets": [0, 4]}}"""),
        ["safetensors deep nesting"] = () => Safetensors("has an invalid .safetensors header", new string('[', 100_000)),

        ["safetensors 350,000 names"] = () => Safetensors("has more than 65535 tensors", $"{{{string.Join(',', Enumerable.Range(0, 350_000).Select(i => $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"))}}}"),
        ["safetensors 10,000,000 dimensions"] = () => Safetensors("has a 'shape' of more than 64 numbers", $"{{\"w\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', Enumerable.Repeat('0', 10_000_000))}],\"data_offsets\":[0,0]}}}}"),
        ["npz 70,000 arrays"] = () => new HostileFile("m.npz", manyParts.Value, "it has more than 65535 parts"),
        ["keras 70,000 parts"] = () => new HostileFile("m.keras", manyParts.Value, "it has more than 65535 parts"),

        ["yaml anchors that double"] = () => Yaml("anchors, aliases, tags and deep nesting are not supported here", Enumerable.Range(1, 30).Aggregate("a0: &a0 [1, 1]\n", (all, i) => $"{all}a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n")),
        ["yaml 3,000,000 numbers"] = () => Yaml("which is not supported for an input", $"input: [{string.Join(',', Enumerable.Repeat('1', 3_000_000))}]\nlayers: []\n"),
        ["yaml 400,000 layers"] = () => Yaml("lists 400000 layers, but a model has at most 65535 tensors", $"input: [4]\nlayers:\n{string.Concat(Enumerable.Repeat("- {type: ReLU}\n", 400_000))}"),
        ["yaml 400,000 inputs"] = () => Yaml("a map has more than 65535 keys", $"inputs:\n{string.Concat(Enumerable.Range(0, 400_000).Select(i => $" a{i}: [1]\n"))}"),
        ["yaml 65,535 inputs"] = () => Yaml("has no list of 'layers'", $"inputs:\n{string.Concat(Enumerable.Range(0, 65535).Select(i => $" a{i}: [1]\n"))}"),
        ["yaml names of 3 MB"] = () => Yaml("reads 'a", $"input: [4]\nlayers:\n- {{type: ReLU, id: {new string('b', 3_000_000)}}}\n- {{type: ReLU, from: {new string('a', 3_000_000)}}}\n"),

        ["npz zip bomb"] = () => new HostileFile("m.npz", npzBomb.Value, "far more than the archive"),
        ["npz 2 GB in 20 bytes"] = () => Npz("declares more elements than it has bytes", "(500000000, 2)", "<f4"),
        ["npz objects"] = () => Npz("is not a plain array of numbers", "(1,)", "|O"),
        ["npz negative dimension"] = () => Npz("is not a plain array of numbers", "(-1,)", "<f4"),
        ["npz two of one name"] = () => new HostileFile("m.npz", KerasArchiveBuilder.Zip(("w.npy", [1]), ("w.npy", [2])), "two arrays named 'w'"),
        ["npz no archive"] = () => new HostileFile("m.npz", [.. Enumerable.Repeat((byte)7, 100)], "is not a .npz archive"),
    };

    /// <summary>Those that describe much with little: their memory is measured.</summary>
    internal static readonly string[] Bombs =
    [
        "onnx 2 GB in 20 bytes", "onnx 2 GB in no bytes", "onnx function doubles", "onnx constants without end", "onnx repeated shape", "onnx deep nesting", "onnx 10,000,000 dimensions", "onnx 10,000,000 integers of a byte", "tflite huge shape", "tflite huge vector",
        "keras zip bomb", "keras deep nesting", "h5 link to itself", "h5 heap of names of 2 GB", "h5 heap of texts of 2 GB", "h5 text of 2 GB", "h5 attribute of 2 GB", "h5 attribute of 2 GB, newest headers", "h5 texts of 2 GB in an attribute", "h5 fill value of 2 GB", "h5 name of 2 GB", "h5 2 GB in 8 KB", "safetensors 2 GB header", "safetensors 350,000 names", "safetensors 10,000,000 dimensions", "npz 70,000 arrays", "keras 70,000 parts", "npz zip bomb", "npz 2 GB in 20 bytes",
        "yaml anchors that double", "yaml 3,000,000 numbers", "yaml 400,000 layers", "yaml 400,000 inputs", "yaml names of 3 MB",
    ];

    // A message of that type in an object header of version 1, its version, two choices that do not matter, "it is defined"; its size follows.
    private static ReadOnlySpan<byte> FillValue => [5, 0, 8, 0, 1, 0, 0, 0, 2, 2, 2, 1];

    // A good file whose first heap of a kind declares a size that it does not have.
    private static HostileFile Heap(ReadOnlySpan<byte> signature, int sizeOffset)
    {
        byte[] file = Fixture("functional.h5", "").Content;
        int heap = file.AsSpan().IndexOf(signature);
        BitConverter.TryWriteBytes(file.AsSpan(heap + sizeOffset), (long)int.MaxValue);
        return new HostileFile("m.h5", file, $"the part at byte {heap} of {file.Length} declares 2147483647 bytes, more than remain");
    }

    // A good file, of which four bytes in the first of what begins in this way are others.
    private static HostileFile Enlarged(string fixture, ReadOnlySpan<byte> what, int offset, int value)
    {
        byte[] file = Fixture(fixture, "").Content;
        BitConverter.TryWriteBytes(file.AsSpan(file.AsSpan().IndexOf(what) + offset), value);
        return new HostileFile("m.h5", file, $"of {file.Length} declares");
    }

    // The same with the length of the list of weights in an attribute.
    private static HostileFile Attribute()
    {
        byte[] file = Fixture("functional.h5", "").Content;
        int name = file.AsSpan().LastIndexOf("weight_names\0"u8);
        int space = name + 16 + BitConverter.ToUInt16(file, name - 4);
        BitConverter.TryWriteBytes(file.AsSpan(space + 8), 1L << 31);
        return new HostileFile("m.h5", file, $"the part at byte {name - 8} of {file.Length} declares");
    }

    private static HostileFile Yaml(string expected, string text) => new("net.yaml", Encoding.UTF8.GetBytes(text), expected);

    /// <summary>A model whose one constant is in another file.</summary>
    internal static HostileFile InFile(string expected, string location) => Onnx(expected, graph => graph.Message(5, External(location)).Message(1, Node("Add", ["x", "w"], "y")));

    /// <summary>A model of many tensors that are each the whole of one other file.</summary>
    internal static HostileFile AllInFile(string expected, string location, int elements, int tensors)
    {
        return Onnx(expected, Fill, "y");

        ProtobufMessage Fill(ProtobufMessage graph)
        {
            for (int i = 0; i < tensors; i++)
            {
                var tensor = new ProtobufMessage().Integer(1, elements).Integer(2, 1).Text(8, $"w{i}").Integer(14, 1).Message(13, new ProtobufMessage().Text(1, "location").Text(2, location));
                graph.Message(5, tensor).Message(1, Node("Max", [i == 0 ? "x" : $"a{i - 1}", $"w{i}"], i == tensors - 1 ? "y" : $"a{i}"));
            }

            return graph;
        }
    }

    /// <summary>A chain of one operator.</summary>
    internal static byte[] OnnxChain(string type, int nodes) =>
        Onnx("", graph => Enumerable.Range(0, nodes).Aggregate(graph, (all, i) => all.Message(1, Node(type, [i == 0 ? "x" : $"a{i - 1}"], i == nodes - 1 ? "y" : $"a{i}")))).Content;

    /// <summary>x + c, the constant in the tensor's own list.</summary>
    internal static byte[] OnnxSum(string type, float[] constant, long[] shape) =>
        Onnx("", graph => graph.Message(5, shape.Aggregate(new ProtobufMessage(), (tensor, size) => tensor.Integer(1, size)).Integer(2, 1).Text(8, "w").Bytes(9, [.. constant.SelectMany(BitConverter.GetBytes)])).Message(1, Node(type, ["x", "w"], "y"))).Content;

    private static HostileFile Onnx(string expected, Func<ProtobufMessage, ProtobufMessage> fill, string output = "y") =>
        new("m.onnx", Model(fill(new ProtobufMessage()), output).ToArray(), expected);

    private static ProtobufMessage Model(ProtobufMessage graph, string output) => new ProtobufMessage()
        .Integer(1, 8)
        .Message(7, graph.Text(2, "g").Message(11, Port("x")).Message(12, Port(output)))
        .Message(8, new ProtobufMessage().Text(1, "").Integer(2, 17));

    private static HostileFile Function(string expected, ProtobufMessage[] body)
    {
        ProtobufMessage function = new ProtobufMessage().Text(1, "F").Text(4, "a").Text(5, "b").Text(10, "own");
        foreach (ProtobufMessage node in body)
        {
            function.Message(7, node);
        }

        return new HostileFile("m.onnx", Model(new ProtobufMessage().Message(1, Node("F", ["x"], "y", "own")), "y").Message(25, function).ToArray(), expected);
    }

    private static ProtobufMessage Node(string type, string[] inputs, string output, string domain = "")
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(4, type).Text(7, domain);
    }

    private static ProtobufMessage Tensor(string name, long[] shape) => shape.Aggregate(new ProtobufMessage(), (tensor, size) => tensor.Integer(1, size)).Integer(2, 1).Text(8, name).Bytes(9, new byte[4]);

    private static ProtobufMessage Integers(string name, params long[] values) =>
        new ProtobufMessage().Integer(1, values.Length).Integer(2, 7).Text(8, name).Bytes(9, [.. values.SelectMany(BitConverter.GetBytes)]);

    private static ProtobufMessage External(string location) =>
        new ProtobufMessage().Integer(1, 1).Integer(2, 1).Text(8, "w").Integer(14, 1).Message(13, new ProtobufMessage().Text(1, "location").Text(2, location));

    // Hundreds of constants of 4 MB, all from one shape; the last node is not supported, so that nothing is written.
    private static ProtobufMessage Constants(ProtobufMessage graph)
    {
        graph.Message(5, Integers("s", 1024, 1024)).Message(1, Node("ConstantOfShape", ["s"], "c0"));
        for (int i = 1; i <= 400; i++)
        {
            graph.Message(1, Node("Cos", [$"c{i - 1}"], $"c{i}"));
        }

        return graph.Message(1, Node("Reshape", ["c400", "x"], "none"));
    }

    private static ProtobufMessage Nested(int depth)
    {
        ProtobufMessage node = Node("Relu", ["x"], "y");
        for (int i = 0; i < depth; i++)
        {
            node = Node("If", ["x"], "y").Message(5, new ProtobufMessage().Text(1, "then_branch").Integer(20, 5).Message(6, new ProtobufMessage().Message(1, node)));
        }

        return node;
    }

    private static ProtobufMessage Port(string name)
    {
        ProtobufMessage shape = new ProtobufMessage().Message(1, new ProtobufMessage().Integer(1, 1)).Message(1, new ProtobufMessage().Integer(1, 2));
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, new ProtobufMessage().Integer(1, 1).Message(2, shape)));
    }

    private static HostileFile Tflite(string expected, int[] shape)
    {
        var model = new TfliteModelBuilder();
        int input = model.Input(TfliteType.Float32, [1, 4]);
        int constant = model.Constant(TfliteType.Float32, shape, new byte[16]);
        model.Operator(TfliteOperatorCode.ADD, [input, constant], [model.Output(TfliteType.Float32, [1, 4])], 11);
        return new HostileFile("m.tflite", model.Build(), expected);
    }

    // Whatever vector the first word of a valid file's second half is the length of, it becomes 2 G elements.
    private static HostileFile HugeVector()
    {
        var model = new TfliteModelBuilder();
        int input = model.Input(TfliteType.Float32, [1, 4]);
        model.Operator(TfliteOperatorCode.ADD, [input, input], [model.Output(TfliteType.Float32, [1, 4])], 11);
        byte[] bytes = model.Build();
        for (int i = bytes.Length / 2 / 4 * 4; i < bytes.Length; i += 4)
        {
            if (BitConverter.ToInt32(bytes, i) is > 0 and < 16)
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(i), int.MaxValue);
            }
        }

        return new HostileFile("m.tflite", bytes, "m.tflite");
    }

    private static HostileFile Keras(string expected, KerasArchiveBuilder model) => new("m.keras", model.Build(), expected);

    private static HostileFile Fixture(string name, string expected) =>
        new("m.h5", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "keras", name)), expected);

    private static HostileFile Safetensors(string expected, string header) => new("m.safetensors", SafetensorsBuilder.Build(header, new byte[4]), expected);

    private static HostileFile Npz(string expected, string shape, string type)
    {
        string header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}").PadRight(117) + "\n";
        byte[] array = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0, 0];
        return new HostileFile("m.npz", KerasArchiveBuilder.Zip(("w.npy", array)), expected);
    }
}
