using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Nano.Tests.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>A name of a class or namespace is taken if and only if the emitted code compiles with it.</summary>
public class EmitNameTests
{
    private const string Neutral = "Zz9";

    public static TheoryData<string> Forms => ["code", "counts", "float", "parts", "table", "resource"];

    // Whatever word stands in the code is asked for as a name.
    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_word_of_the_code_is_refused_or_compiles(string form)
    {
        (byte[] file, EmitOptions options) = Model(form);
        EmittedModel neutral = NanoForms.Emit(file, options with { Namespace = "A." + Neutral, ClassName = Neutral });
        int refused = 0;
        foreach (string word in Words(neutral))
        {
            refused += Judge(word, () => NanoForms.Emit(file, options with { ClassName = word }), () => Renamed(neutral, word, $"A.{Neutral}"));
            refused += Judge(word, () => NanoForms.Emit(file, options with { Namespace = "A." + word }), () => Renamed(neutral, Neutral, "A." + word));
            refused += Judge(word, () => NanoForms.Emit(file, options with { Namespace = word }), () => Renamed(neutral, Neutral, word));
        }

        Assert.InRange(refused, 1, int.MaxValue);
    }

    [Theory]
    [InlineData("ArgumentException", "is a type that the emitted code uses; give another with --class.")]
    [InlineData("DecisionReason", "is the name of a member of the class; give another with --class.")]
    [InlineData("record", "is a word that C# keeps for itself where a type stands; give another with --class.")]
    [InlineData("closed", "is a word that C# keeps for itself where a type stands; give another with --class.")]
    public void The_message_says_why(string name, string expected)
    {
        (byte[] file, EmitOptions options) = Model("code");
        Assert.Equal($"The class name '{name}' {expected}", Assert.Throws<InputException>(() => NanoForms.Emit(file, options with { ClassName = name })).Message);
    }

    [Fact]
    public void A_namespace_that_hides_a_type_says_so()
    {
        (byte[] file, EmitOptions options) = Model("float");
        Assert.Equal(
            "The namespace 'Plant.EdgeInference' has 'EdgeInference', which the emitted code uses otherwise; give another with --namespace.",
            Assert.Throws<InputException>(() => NanoForms.Emit(file, options with { Namespace = "Plant.EdgeInference" })).Message);
        Assert.Empty(Errors(NanoForms.Emit(file, options with { Namespace = "EdgeInference.Plant" }), LanguageVersion.CSharp7_3));
    }

    // In C# 7.3, as nanoFramework compiles, and in the newest, as .NET does.
    [Fact]
    public void Words_that_some_version_keeps_for_itself_are_refused()
    {
        (byte[] file, EmitOptions options) = Model("code");
        IEnumerable<string> words = Enum.GetValues<SyntaxKind>().Where(SyntaxFacts.IsContextualKeyword).Select(SyntaxFacts.GetText).Where(word => word.Length > 0 && !word.StartsWith("__", StringComparison.Ordinal)).Append("_").Distinct();
        foreach (string word in words)
        {
            try
            {
                EmittedModel model = NanoForms.Emit(file, options with { ClassName = word });
                Assert.Empty(Errors(model, LanguageVersion.CSharp7_3));
                Assert.Empty(Errors(model, LanguageVersion.Preview));
            }
            catch (InputException refusal)
            {
                Assert.Contains($"'{word}'", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("泵")]
    [InlineData("насос")]
    [InlineData("Bomba_de_água")]
    [InlineData("ポンプ2")]
    [InlineData("Ⅻ")]
    [InlineData("क्षेत्र")]
    public void A_name_of_any_script_is_taken(string name)
    {
        (byte[] file, EmitOptions options) = Model("counts");
        Assert.Equal(name, EmitNames.Identifier(name, "--class"));
        Assert.Equal($"{name}.{name}", EmitNames.Identifier($"{name}.{name}", "--namespace"));
        Assert.Empty(Errors(NanoForms.Emit(file, options with { ClassName = name, Namespace = $"{name}.{name}" }), LanguageVersion.CSharp7_3));
    }

    // Every character of the plane, alone and behind a letter: what is taken compiles. Characters that nobody sees are refused though the compiler drops them.
    [Fact]
    public void A_character_is_taken_where_the_compiler_takes_it()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            char c = (char)code;
            bool isHidden = char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
            Assert.Equal((code, SyntaxFacts.IsIdentifierStartCharacter(c)), (code, Takes($"{c}")));
            Assert.Equal((code, (SyntaxFacts.IsIdentifierPartCharacter(c) && !isHidden) || c == '.'), (code, Takes($"a{c}a")));
        }

        static bool Takes(string name)
        {
            try
            {
                return EmitNames.Identifier(name, "--class") == name;
            }
            catch (InputException)
            {
                return false;
            }
        }
    }

    // What names constants of categories asks the list, before there is code to read.
    [Fact]
    public void The_list_of_members_has_all_that_is_emitted()
    {
        IEnumerable<byte[]> files = [.. Enum.GetValues<Family>().SelectMany(family => ((TensorType[])[TensorType.Float32, TensorType.Int8, TensorType.Int16]).Select(type => RandomModels.Emitted(1, type, family))),
            .. Enumerable.Range(0, 20).Select(RandomModels.Trees), Float(), EmitTextTests.Counted(), RandomModels.Features(11)];
        foreach (byte[] file in files)
        {
            EmittedModel model = NanoEmitter.Emit(file, new EmitOptions("Models", "Device", MaxAssemblies: 9));
            Assert.All(new CodeNames(model.Files).Members, name => Assert.True(EmitNames.IsMember(name), name));
        }
    }

    private static int Judge(string word, Func<EmittedModel> emit, Func<EmittedModel> forced)
    {
        try
        {
            EmittedModel model = emit();
            Assert.True(Errors(model, LanguageVersion.CSharp7_3) is [], $"'{word}' is taken but does not compile: {string.Join("; ", Errors(model, LanguageVersion.CSharp7_3).Take(2))}");
            return 0;
        }
        catch (InputException refusal)
        {
            Assert.True(Errors(forced(), LanguageVersion.CSharp7_3) is not [], $"'{word}' compiles, but: {refusal.Message}");
            return 1;
        }
    }

    private static EmittedModel Renamed(EmittedModel model, string name, string space) => model with
    {
        Files = [.. model.Files.Select(file => file with { Text = file.Text.Replace($"A.{Neutral}", "\0", StringComparison.Ordinal).Replace(Neutral, name, StringComparison.Ordinal).Replace("\0", space, StringComparison.Ordinal) })],
    };

    private static IReadOnlyList<string> Errors(EmittedModel model, LanguageVersion version)
    {
        var options = new CSharpParseOptions(version);
        return [.. EmittedCode.Compilation("Names", model.Files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options))).GetDiagnostics().Where(item => item.Severity == DiagnosticSeverity.Error).Select(item => item.ToString())];
    }

    private static IEnumerable<string> Words(EmittedModel model) => model.Files
        .SelectMany(file => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
        .SelectMany(code => code.DescendantTokens())
        .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && !token.ValueText.StartsWith(Neutral, StringComparison.Ordinal))
        .Select(token => token.ValueText)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Where((word, i) => !char.IsAsciiDigit(word[^1]) || i % 25 == 0);

    private static (byte[] File, EmitOptions Options) Model(string form) => form switch
    {
        "counts" => (EmitTextTests.Counted(), new EmitOptions { Counts = new CountScaling([0.25], [0]) }),
        "float" => (Float(), new EmitOptions()),
        "parts" => (RandomModels.Layer(1, 300, 220), new EmitOptions(MaxAssemblies: 9)),
        "table" => (EmitTextTests.Counted(), new EmitOptions { Form = EmitForm.Table }),
        "resource" => (EmitTextTests.Counted(), new EmitOptions { Form = EmitForm.Resource }),
        _ => (EmitTextTests.Counted(), new EmitOptions { Form = EmitForm.Code }),
    };

    // A calibration, which the engine computes.
    private static byte[] Float()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        builder.AddOperator(Opcode.Activation, [x], [y], [(int)ActivationKind.Sigmoid, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        builder.AddFloats(MetadataKey.Calibration, [(int)CalibrationMethod.Platt, 2f, -0.7f]);
        return builder.Build();
    }
}
