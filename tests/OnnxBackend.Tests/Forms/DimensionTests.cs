using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Forms;

/// <summary>Open dimensions, the batch, and batches that a file fixes.</summary>
public class DimensionTests
{
    // Dimensions by commas; a letter is a symbol, "?" one without a name. Given: name=size by commas.
    [Theory]
    [InlineData("N,3", "", null, "1,3", 1)]
    [InlineData("N,3", "", 4, "4,3", 4)]
    [InlineData("N,3", "N=5", null, "5,3", 5)]
    [InlineData("N,3", "N=5", 5, "5,3", 5)]
    [InlineData("batch_size,3", "", null, "1,3", 1)]
    [InlineData("my_Batch,3", "", 2, "2,3", 2)]
    [InlineData("unk__12,3", "", 2, "2,3", 2)]
    [InlineData("s0,3", "", 2, "2,3", 2)]
    [InlineData("rows,3", "", null, "1,3", 1)]
    [InlineData("rows,3", "", 2, "2,3", 2)]
    [InlineData("?,3", "", null, "1,3", 1)]
    [InlineData("?,3", "", 2, "2,3", 2)]
    [InlineData("time,batch,3", "time=5", null, "5,1,3", 1)]
    [InlineData("time,batch,3", "time=5", 2, "5,2,3", 2)]
    [InlineData("?,batch,3", "x.0=5", 2, "5,2,3", 2)]
    [InlineData("N,time,3", "time=5", null, "1,5,3", 1)]
    [InlineData("N,time,3", "x.1=5", null, "1,5,3", 1)]
    [InlineData("N,?,3", "x.1=5", null, "1,5,3", 1)]
    [InlineData("rows,rows", "", null, "1,1", 1)]
    [InlineData("rows,rows", "", 3, "3,3", 3)]
    [InlineData("N,s", "s=7", null, "1,7", 1)]
    [InlineData("4,time,3", "time=5", null, "1,5,3", 1)]
    [InlineData("4,time,3", "time=5", 2, "2,5,3", 2)]
    public void A_size_is_the_files_or_the_callers_or_the_batch(string dimensions, string given, int? batch, string expected, int batchOfGraph)
    {
        using var folder = new ModelFolder();
        Graph graph = Import(folder, Relu(dimensions), given, batch);
        Assert.Equal(expected, string.Join(',', graph.Inputs[0].Shape));
        Assert.Equal(batchOfGraph, graph.Metadata.Batch);
    }

    [Theory]
    [InlineData("N,3", "N=5", 4, "contradict each other")]
    [InlineData("N,3", "N=3", 4, "contradict each other")]
    [InlineData("N,3", "M=5", null, "has no open dimension 'M' for --dim")]
    [InlineData("4,3", "N=5", null, "all of its dimensions are fixed")]
    [InlineData("N,time", "", null, "dimension 1 ('time') of the input 'x' has no size")]
    [InlineData("N,?", "", null, "give it with edge export --dim x.1=SIZE")]
    [InlineData("time,batch", "", null, "dimension 0 ('time')")]
    [InlineData("N,s", "", null, "dimension 1 ('s')")]
    [InlineData("N,sx1", "", null, "dimension 1 ('sx1')")]
    [InlineData("N,0", "", null, "declares a dimension of 0")]
    [InlineData("N,-1", "", null, "declares a dimension of -1")]
    [InlineData("N,-2", "", null, "has a dimension of -2")]
    [InlineData("1,16777217", "", null, "declares a dimension of 16777217")]
    [InlineData("8,16777216", "", null, "declares a dimension of 16777216")]
    [InlineData("1,1,1,1,1,1,1", "", null, "has 7 dimensions, more than 6")]
    public void What_cannot_be_a_size_is_refused(string dimensions, string given, int? batch, string sentence)
    {
        using var folder = new ModelFolder();
        string said = Assert.ThrowsAny<InputException>(() => Import(folder, Relu(dimensions), given, batch)).Message;
        Assert.Contains(dimensions == "N,-1" ? "has no size" : sentence, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,16777216")]
    [InlineData("1,1,1,1,1,2")]
    public void The_largest_sizes_are_taken(string dimensions)
    {
        Graph graph = OnnxImporter.Import(Relu(dimensions), "m.onnx");
        Assert.Equal(dimensions, string.Join(',', graph.Inputs[0].Shape));
    }

    [Fact]
    public void A_batch_that_its_name_does_not_tell_is_said()
    {
        using var folder = new ModelFolder();
        Assert.Contains(Import(folder, Relu("rows,3"), "", null).Metadata.Notes, note => note.Contains("'rows', is taken as the batch and set to 1", StringComparison.Ordinal));
        foreach (Graph graph in (Graph[])[Import(folder, Relu("N,3"), "", null), Import(folder, Relu("?,3"), "", null), Import(folder, Relu("rows,3"), "", 2), Import(folder, Relu("s12,3"), "", null)])
        {
            Assert.DoesNotContain(graph.Metadata.Notes, note => note.Contains("is taken as the batch", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(7, 7)]
    public void A_fixed_batch_becomes_another_where_rows_are_apart(int? wanted, int rows)
    {
        using var folder = new ModelFolder();
        byte[] model = new ModelBuilder().Input("x", 4, 3).Constant("w", C(3, 2)).Constant("four", Ints(4, 2))
            .Constant("rows", Const([1, 2, 1, 2, 1, 2, 1, 2], 4, 2))
            .Node("MatMul", ["x", "w"], ["p"]).Node("Add", ["p", "rows"], ["q"]).Node("Reshape", ["q", "four"], ["y"]).Output("y").Build();
        Graph graph = Import(folder, model, "", wanted);
        Assert.Equal([rows, 3], graph.Inputs[0].Shape);
        Assert.Equal([rows, 2], graph.Outputs[0].Shape);
        Assert.Equal(rows, graph.Metadata.Batch);

        // Each row as ONNX Runtime has it, four at a time.
        float[] given = [.. X(8, 3).Values[..(3 * rows)].Select(value => (float)value)];
        float[] padded = [.. given, .. new float[24 - given.Length]];
        float[] expected = [.. ModelFolder.Peer(folder.Write(model), [4, 3], padded[..12]), .. ModelFolder.Peer(folder.Write(model), [4, 3], padded[12..])];
        Assert.Equal(expected[..(2 * rows)], ModelFolder.Run(graph, given), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData("mean", "its rows depend on each other or on their place")]
    [InlineData("place", "its rows depend on each other or on their place")]
    [InlineData("shape", "a node or a constant within the graph does too")]
    [InlineData("flat", "fixed")]
    public void A_fixed_batch_stays_where_rows_are_not_apart(string form, string reason)
    {
        using var folder = new ModelFolder();
        ModelBuilder builder = new ModelBuilder().Input("x", 4, 3);
        byte[] model = (form switch
        {
            "mean" => builder.Node("ReduceMean", ["x"], ["m"], A("axes", new[] { 0 })).Node("Sub", ["x", "m"], ["y"]),
            "place" => builder.Constant("w", Const([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2], 4, 3)).Node("Add", ["x", "w"], ["y"]),
            "shape" => builder.Constant("two", Ints(2, 6)).Constant("four", Ints(4, 3)).Node("Reshape", ["x", "two"], ["t"]).Node("Reshape", ["t", "four"], ["y"]),
            _ => builder.Node("ReduceSum", ["x"], ["y"]),
        }).Output("y").Build();
        Graph graph = Import(folder, model, "", null);
        Assert.Equal([4, 3], graph.Inputs[0].Shape);
        if (form != "flat")
        {
            Assert.Equal(4, graph.Metadata.Batch);
            Assert.Contains(graph.Metadata.Notes, note => note.Contains(reason, StringComparison.Ordinal));
        }

        string said = Assert.Throws<InputException>(() => Import(folder, model, "", 2)).Message;
        Assert.Contains("--batch 2 is not possible", said, StringComparison.Ordinal);
        Assert.Contains(form == "place" ? "Add of 4 rows" : reason, said, StringComparison.Ordinal);
    }

    private static byte[] Relu(string dimensions) => new ModelBuilder()
        .Input("x", [.. dimensions.Split(',').Select(text => int.TryParse(text, out int size) ? (object?)size : text == "?" ? null : text)])
        .Node("Relu", ["x"], ["y"]).Output("y").Build();

    private static Graph Import(ModelFolder folder, byte[] model, string given, int? batch) => folder.Import(model, new ImportOptions
    {
        Batch = batch,
        Dimensions = given.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => int.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)),
    });
}
