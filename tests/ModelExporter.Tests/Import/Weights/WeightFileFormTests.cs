using System.Buffers.Binary;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Weights;
using EdgeInference.Tool.Tests.Import.Keras;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Weights;

/// <summary>The three kinds of file that hold named tensors: their headers at the bound, their numbers and their names.</summary>
public sealed class WeightFileFormTests : IDisposable
{
    private const string One = """{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("edge-weight-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(One, 4)]
    [InlineData("""{"__metadata__": {"format": "pt"}, "l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}""", 4)]
    [InlineData("""{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [8, 12]}, "u": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]}}""", 12)]
    [InlineData("""{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}, "u": {"dtype": "F32", "shape": [0, 3], "data_offsets": [0, 0]}}""", 4)]
    [InlineData("""{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}, "u": {"dtype": "F32", "shape": [0, 2147483647], "data_offsets": [4, 4]}}""", 4)]
    [InlineData("""{"u": {"dtype": "F8_E4M3", "shape": [3], "data_offsets": [4, 7]}, "l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}""", 7)]
    public void A_header_that_fits_is_read(string header, int bytes)
    {
        byte[] data = new byte[bytes];
        int begin = header.Contains("[8, 12]", StringComparison.Ordinal) ? 8 : 0;
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(begin), 1.75f);
        Assert.Equal([3.5f], KerasArrays.Run(Import("w.safetensors", SafetensorsBuilder.Build(header, data), """{"input": [1], "unused": "u", "layers": [{"type": "Linear", "name": "l"}]}"""), [2f]));
    }

    [Theory]
    [InlineData("has 5 bytes of data but its tensors need 4", One, 5)]
    [InlineData("is at [0, 4] of 3 bytes", One, 3)]
    [InlineData("is at [0, 4, 4] of 4 bytes", """{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4, 4]}}""", 4)]
    [InlineData("is at [0] of 4 bytes", """{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0]}}""", 4)]
    [InlineData("of shape [-1, -1] and type F32 has 4 bytes", """{"l.weight": {"dtype": "F32", "shape": [-1, -1], "data_offsets": [0, 4]}}""", 4)]
    [InlineData("of shape [4294967296, 4294967296] and type F32 has 0 bytes", """{"l.weight": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}}""", 0)]
    [InlineData("of shape [2147483647, 2147483647, 4, 1073741824] and type F32", """{"l.weight": {"dtype": "F32", "shape": [2147483647, 2147483647, 4, 1073741824], "data_offsets": [0, 0]}}""", 0)]
    [InlineData("of shape [1073741824, 1073741824, 4] and type F32", """{"l.weight": {"dtype": "F32", "shape": [1073741824, 1073741824, 4], "data_offsets": [0, 0]}}""", 0)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' lacks one of 'dtype', 'shape' and 'data_offsets'; write it again.", """{"l.weight": {"dtype": "F32", "shape": [1, 1]}}""", 4)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' lacks one of 'dtype', 'shape' and 'data_offsets'; write it again.", """{"l.weight": {"dtype": "F32", "data_offsets": [0, 4]}}""", 4)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' has a 'dtype' that is not a text; expected one such as \"F32\"; write it again.", """{"l.weight": {"dtype": 1, "shape": [1, 1], "data_offsets": [0, 4]}}""", 4)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' has an entry 1 of 'shape' that is not an integer of 64 bits; write it again.", """{"l.weight": {"dtype": "F32", "shape": [1, 1.5], "data_offsets": [0, 4]}}""", 4)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' appears twice; write it again.", """{"l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}, "l.weight": {"dtype": "F32", "shape": [1, 1], "data_offsets": [4, 8]}}""", 8)]
    [InlineData("an invalid .safetensors header: it is not an object; write it again.", "[]", 0)]
    [InlineData("an invalid .safetensors header: it is not valid JSON at line 1, byte 2; write it again.", "{", 0)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' has a 'shape' that is not a list of integers; write it again.", """{"l.weight": {"shape": "one"}}""", 4)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' has an entry 0 of 'data_offsets' that is not an integer of 64 bits; write it again.", """{"l.weight": {"data_offsets": [9223372036854775808, 4]}}""", 4)]
    [InlineData("an invalid .safetensors header: the tensor 'l.weight' has an entry 0 of 'shape' that is not an integer of 64 bits; write it again.", """{"l.weight": {"shape": ["1"]}}""", 4)]
    [InlineData("an invalid .safetensors header: the name or the 'dtype' of a tensor behind 0 others is not valid UTF-8; write it again.", """{"\ud800": {}}""", 4)]
    public void A_header_that_does_not_fit_is_refused(string expected, string header, int bytes) =>
        Assert.Contains(expected, Refusal("w.safetensors", SafetensorsBuilder.Build(header, new byte[bytes])), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0)]
    [InlineData(8, 0)]
    [InlineData(10, 3)]
    [InlineData(10, ulong.MaxValue)]
    [InlineData(16, 9)]
    public void A_file_ends_after_its_header(int bytes, ulong header)
    {
        byte[] file = new byte[bytes];
        if (bytes >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file, header);
        }

        Assert.Contains("is not a .safetensors file or ends inside its header", Refusal("w.safetensors", file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_can_be_all_of_the_file() =>
        Assert.Contains("has no tensor 'l.weight'", Refusal("w.safetensors", SafetensorsBuilder.Build("{}", [])), StringComparison.Ordinal);

    [Theory]
    [InlineData("w.npz")]
    [InlineData("w.NPZ")]
    public void Arrays_of_an_archive_have_their_whole_names(string name)
    {
        byte[] zip = KerasArchiveBuilder.Zip(("notes.txt", [1, 2, 3, 4, 5, 6]), ("a/l.weight.npy", Npy(2f)), ("b/l.weight.npy", Npy(3f)));
        Assert.Equal([12f], KerasArrays.Run(Import(name, zip, """{"input": [1], "layers": [{"type": "Linear", "name": "a/l"}, {"type": "Linear", "name": "b/l"}]}"""), [2f]));
    }

    [Fact]
    public void An_archive_that_is_none_is_refused()
    {
        Assert.Contains("is not a .npz archive or is damaged", Refusal("w.npz", [1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("has two arrays named 'l.weight'", Refusal("w.npz", KerasArchiveBuilder.Zip(("l.weight.npy", Npy(1f)), ("l.weight.npy", Npy(1f)))), StringComparison.Ordinal);
    }

    // Keras 3 numbers the weights: what one, two and four of them are, the layer file knows; others keep their numbers.
    [Theory]
    [InlineData(1, "d.weight")]
    [InlineData(2, "d.weight d.bias")]
    [InlineData(3, "d.0 d.1 d.2")]
    [InlineData(4, "d.weight d.bias d.running_mean d.running_var")]
    [InlineData(5, "d.0 d.1 d.2 d.3 d.4")]
    public void Numbered_weights_have_the_names_of_their_roles(int count, string expected)
    {
        var vars = new H5Group();
        for (int i = 0; i < count; i++)
        {
            vars[$"{i}"] = new[] { i + 0.5f };
        }

        var file = new KerasWeightFile(Layers(new H5Group { ["d"] = new H5Group { ["vars"] = vars } }), "w.h5");
        string[] names = expected.Split(' ');
        Assert.Equal(names.Order(StringComparer.Ordinal), file.Names.Order(StringComparer.Ordinal));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal([i + 0.5f], file.Read(names[i]).Data);
        }

        Assert.Equal([1], file.Read(names[0]).Shape);
    }

    [Fact]
    public void Layers_inside_layers_have_the_names_of_both_and_seeds_are_none()
    {
        H5Group Vars(float value) => new() { ["vars"] = new H5Group { ["0"] = new[] { value } } };
        var inner = new H5Group { ["layers"] = new H5Group { ["dense"] = Vars(1) }, ["seed_generator"] = Vars(9) };
        var file = new KerasWeightFile(Layers(new H5Group { ["model"] = inner, ["lstm"] = new H5Group { ["cell"] = Vars(2) } }), "w.h5");
        Assert.Equal(["lstm/cell.weight", "model/dense.weight"], file.Names.Order(StringComparer.Ordinal));
        Assert.Equal([1f], file.Read("model/dense.weight").Data);
        Assert.Equal(["lstm/cell.weight"], file.Unused);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Groups_lie_16_deep(int depth, bool isRead)
    {
        var group = new H5Group { ["vars"] = new H5Group { ["0"] = new[] { 1f } } };
        for (int i = 0; i < depth; i++)
        {
            group = new H5Group { ["g"] = group };
        }

        if (isRead)
        {
            Assert.Single(new KerasWeightFile(Layers(group), "w.h5").Names);
        }
        else
        {
            Assert.Contains("are nested too deep", Assert.Throws<InputException>(() => new KerasWeightFile(Layers(group), "w.h5")).Message, StringComparison.Ordinal);
        }
    }

    // Keras 2 names the weights; a whole model's file without its model has them in a group.
    [Theory]
    [InlineData("kernel", "weight")]
    [InlineData("gamma", "weight")]
    [InlineData("embeddings", "weight")]
    [InlineData("alpha", "weight")]
    [InlineData("bias", "bias")]
    [InlineData("beta", "bias")]
    [InlineData("moving_mean", "running_mean")]
    [InlineData("moving_variance", "running_var")]
    [InlineData("recurrent_kernel", "recurrent_kernel")]
    public void Named_weights_have_the_names_of_their_roles(string name, string role)
    {
        foreach (bool inModel in new[] { false, true })
        {
            var layers = new H5Group { ["d"] = Layer("d", name), ["top_level_model_weights"] = new H5Group { ["x"] = new[] { 1f } } };
            var file = new KerasWeightFile(Bytes(inModel ? new H5File { ["model_weights"] = layers, ["optimizer_weights"] = new H5Group { ["d"] = Layer("d", name) } } : File(layers)), "w.h5");
            Assert.Equal([$"d.{role}"], file.Names);
            Assert.Equal([7f], file.Read($"d.{role}").Data);
        }
    }

    [Fact]
    public void Weights_of_several_layers_in_one_keep_their_whole_names()
    {
        var group = new H5Group
        {
            ["a"] = new H5Group { ["kernel:0"] = new[] { 1f } },
            ["b"] = new H5Group { ["kernel:0"] = new[] { 2f } },
            Attributes = new() { ["weight_names"] = new[] { "a/kernel:0", "b/kernel:0" } },
        };
        var file = new KerasWeightFile(Bytes(File(new H5Group { ["m"] = group })), "w.h5");
        Assert.Equal(["m.a/kernel:0", "m.b/kernel:0"], file.Names.Order(StringComparer.Ordinal));
        Assert.Equal([2f], file.Read("m.b/kernel:0").Data);
    }

    [Fact]
    public void Weights_that_are_no_real_numbers_are_refused_where_they_are_read()
    {
        foreach (Array numbers in new Array[] { new sbyte[] { 1 }, new[] { 1 } })
        {
            var file = new KerasWeightFile(Layers(new H5Group { ["d"] = new H5Group { ["vars"] = new H5Group { ["0"] = numbers } } }), "w.h5");
            Assert.Contains("tensor 'd.weight' does not hold real numbers", Assert.Throws<InputException>(() => file.Read("d.weight")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_weights_of_one_name_are_refused()
    {
        // A group of the name "layers" adds nothing to a path, so that both are 'a.weight'.
        H5Group Vars() => new() { ["vars"] = new H5Group { ["0"] = new[] { 1f } } };
        byte[] file = Layers(new H5Group { ["a"] = Vars(), ["layers"] = new H5Group { ["a"] = Vars() } });
        Assert.Contains("two of its weights are 'a.weight'", Assert.Throws<InputException>(() => new KerasWeightFile(file, "w.h5")).Message, StringComparison.Ordinal);
    }

    // Keras and torch.nn lay these out in different ways, whatever the case of their letters.
    [Theory]
    [InlineData("Conv1d", "2,3", "")]
    [InlineData("conv2d", "2,3,4", "")]
    [InlineData("ConvTranspose1d", "2,3", "")]
    [InlineData("CONVTRANSPOSE2D", "2,3,4", "")]
    [InlineData("RNN", "2,3", "")]
    [InlineData("gru", "2,3", "")]
    [InlineData("LSTM", "2,3", "")]
    [InlineData("PReLU", "2", "")]
    public void Layers_that_torch_lays_out_in_another_way_are_refused(string type, string input, string settings) =>
        Assert.Contains("has the weight layout of torch.nn, which differs from Keras", Keras(type, input, settings), StringComparison.Ordinal);

    [Theory]
    [InlineData("needs \"transposed\": true", "Linear", "2", ", \"transposed\": false")]
    [InlineData("needs \"transposed\": true", "LINEAR", "2", "")]
    [InlineData("needs 'eps'", "batchnorm", "2", "")]
    [InlineData("needs 'eps'", "LayerNorm", "2", "")]
    [InlineData("normalises axis 1 but Keras normalises the last axis", "BatchNorm", "2,2", ", \"eps\": 0.001")]
    [InlineData("normalises axis 1 but Keras normalises the last axis", "BatchNorm", "2,2,2", ", \"eps\": 0.001")]
    [InlineData("tensor 'd.weight' has the shape [2, 2]; layer 'd' (BatchNorm) needs [2]", "BatchNorm", "2", ", \"eps\": 0.001")]
    public void What_Keras_has_in_another_way_must_be_said(string expected, string type, string input, string settings) =>
        Assert.Contains(expected, Keras(type, input, settings), StringComparison.Ordinal);

    [Theory]
    [InlineData(8, "'d8' in")]
    [InlineData(10, "'d8' and 2 more in")]
    public void Layers_that_are_left_out_are_noted_and_those_named_as_unused_are_not(int left, string expected)
    {
        H5Group Vars(float value) => new() { ["vars"] = new H5Group { ["0"] = new[,] { { value } } } };
        var layers = new H5Group { ["d"] = Vars(3), ["skip"] = Vars(1) };
        for (int i = left; i >= 1; i--)
        {
            layers[i == 10 ? "dd" : $"d{i}"] = Vars(1);
        }

        Graph graph = Import("w.h5", Layers(layers), """{"input": [1], "unused": "skip.weight", "layers": [{"type": "Linear", "name": "d", "transposed": true}]}""");
        Assert.Equal([6f], KerasArrays.Run(graph, [2f]));
        string note = Assert.Single(graph.Metadata.Notes);
        Assert.Contains($"for the weights of 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', {expected}", note, StringComparison.Ordinal);
        graph = Import("w.h5", Layers(new H5Group { ["d"] = Vars(3), ["skip"] = Vars(1) }), """{"input": [1], "unused": "skip.weight", "layers": [{"type": "Linear", "name": "d", "transposed": true}]}""");
        Assert.Empty(graph.Metadata.Notes);
    }

    private string Keras(string type, string input, string settings)
    {
        byte[] file = Layers(new H5Group { ["d"] = new H5Group { ["vars"] = new H5Group { ["0"] = new float[2, 2], ["1"] = new float[2] } } });
        return Refusal("w.h5", file, $$"""{"input": [{{input}}], "layers": [{"type": "{{type}}", "name": "d"{{settings}}}]}""");
    }

    private static H5Group Layer(string layer, string name) => new()
    {
        [layer] = new H5Group { [name + ":0"] = new[] { 7f } },
        Attributes = new() { ["weight_names"] = new[] { $"{layer}/{name}:0" } },
    };

    private static H5File File(H5Group groups)
    {
        var file = new H5File();
        foreach ((string name, object value) in groups)
        {
            file[name] = value;
        }

        return file;
    }

    private static byte[] Layers(H5Group layers) => Bytes(new H5File { ["layers"] = layers });

    private static byte[] Bytes(H5File file)
    {
        var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    // Version 1.0 of numpy's format: magic, length of the header, the header, little-endian float32.
    private static byte[] Npy(float value)
    {
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }".PadRight(117) + "\n";
        return [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. BitConverter.GetBytes(value)];
    }

    private string Refusal(string name, byte[] bytes, string layers = """{"input": [1], "layers": [{"type": "Linear", "name": "l"}]}""")
    {
        string message = Assert.Throws<InputException>(() => Import(name, bytes, layers)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains(folder, message, StringComparison.Ordinal);
        return message;
    }

    private Graph Import(string name, byte[] bytes, string layers)
    {
        string path = Path.Combine(folder, name);
        string net = Path.Combine(folder, "net.json");
        System.IO.File.WriteAllBytes(path, bytes);
        System.IO.File.WriteAllText(net, layers);
        return WeightImporter.Import(path, net);
    }
}
