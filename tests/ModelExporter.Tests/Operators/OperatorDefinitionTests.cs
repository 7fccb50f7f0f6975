using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Operators;

/// <summary>Whether the one table of definitions has all operators; that a definition has all members is for the compiler.</summary>
public partial class OperatorDefinitionTests
{
    [Fact]
    public void Every_operator_has_a_definition_of_its_name()
    {
        foreach (Opcode opcode in Enum.GetValues<Opcode>())
        {
            OperatorDefinition? definition = OperatorDefinitions.Find(opcode);
            Assert.True(definition is not null, $"{opcode} lacks a definition: add src/ModelConverter/Operators/{opcode}.cs and its line in OperatorDefinitions.");
            Assert.Equal(opcode, definition.Opcode);
            Assert.Equal(opcode.ToString(), definition.GetType().Name);
        }
    }

    [Fact]
    public void Only_operators_of_quantized_tensors_lack_a_reference()
    {
        string[] lacking = [.. Enum.GetValues<Opcode>().Where(opcode => OperatorDefinitions.Of(opcode).Reference is null).Select(opcode => $"{opcode} lacks a reference")];
        Assert.Equal(["Table lacks a reference", "Quantize lacks a reference", "Dequantize lacks a reference", "QuantizedLSTM lacks a reference", "QuantizedRecurrent lacks a reference"], lacking);
    }

    [Fact]
    public void A_parameter_of_an_activation_is_where_its_operator_says()
    {
        foreach (Opcode opcode in Enum.GetValues<Opcode>())
        {
            string[] names = OperatorTable.Find((int)opcode).Parameters;
            int position = Array.FindIndex(names, name => name is "activation" || (name is "kind" && opcode == Opcode.Activation));
            Assert.True((OperatorDefinitions.Of(opcode).ActivationPosition ?? -1) == position, $"{opcode} has its activation at {position}");
            Assert.True(OperatorDefinitions.Of(opcode).IsLayer == (position >= 0 && opcode != Opcode.Activation), $"{opcode} is a layer");
        }
    }

    // The builder, which importers use, is beneath the definitions and has a list of its own.
    [Fact]
    public void What_keeps_a_scale_does_so_when_it_is_built()
    {
        foreach (Opcode opcode in Enum.GetValues<Opcode>())
        {
            var x = new Value("x", TensorType.Int8, 2, 3) { Quantization = new Quantization(0.5f, 3) };
            Value y = new GraphBuilder(new Graph()) { Name = "node" }.Add(opcode, [x], [2, 3]);
            Assert.True((y.Quantization is not null) == OperatorDefinitions.Of(opcode).KeepsScale, $"{opcode} keeps its scale");
        }
    }

    [Fact]
    public void Definitions_use_no_folder_of_the_converter_but_Graphs_Activations_Trees_and_Features()
    {
        string folder = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "..", "src", "ModelConverter", "Operators"));
        string[] files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        Assert.True(files.Length > Enum.GetValues<Opcode>().Length, folder);
        string[] others = [.. files.SelectMany(file => FolderPattern().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)} uses {match.Groups[1].Value}"))];
        Assert.Empty(others);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(9999)]
    public void An_opcode_without_a_definition_is_an_error(int opcode)
    {
        Assert.Null(OperatorDefinitions.Find((Opcode)opcode));
        Assert.Contains("has no definition", Assert.Throws<InvalidOperationException>(() => OperatorDefinitions.Of((Opcode)opcode)).Message, StringComparison.Ordinal);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex(@"EdgeInference\.ModelConverter\.(?!Graphs|Activations|Trees|Features|Operators)(\w+)")]
    private static partial Regex FolderPattern();
}
