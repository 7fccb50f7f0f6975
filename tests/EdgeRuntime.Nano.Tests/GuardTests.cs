extern alias nano;

using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Nano.Tests.Models;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Nano.Tests;

public class GuardTests
{
    private const string Engine = "EdgeInference.Nano";

    [Fact]
    public void The_engine_uses_what_nanoFramework_has() =>
        Assert.Empty(NanoGuard.Check(File.ReadAllBytes(typeof(nano::EdgeInference.Nano.NanoModel).Assembly.Location)));

    [Fact]
    public void Emitted_code_uses_what_nanoFramework_has()
    {
        foreach (int seed in Seeds.Batches(2, 6).SelectMany(first => Enumerable.Range(first, 6)))
        {
            byte[] file = seed % 2 == 0 ? RandomModels.Int8(seed) : RandomModels.Float32(seed);
            EmittedModel model;
            try
            {
                model = NanoEmitter.Emit(file, new EmitOptions());
            }
            catch (InputException)
            {
                continue;
            }

            byte[] assembly = EmittedCode.Compile(model.Files);
            Assert.Empty(NanoGuard.Check(assembly, Engine));
        }
    }

    [Fact]
    public void The_device_tests_use_what_nanoFramework_has()
    {
        string folder = Path.Combine(Folder(), "..", "EdgeRuntime.Nano.DeviceTests");
        IEnumerable<string> files = Directory.GetFiles(folder, "*.cs").Concat(Directory.GetFiles(Path.Combine(folder, "Golden"), "*.cs"));

        // By its name: the engine shows it what users do not see.
        byte[] assembly = EmittedCode.Compile(files.Select(path => (Path.GetFileName(path), File.ReadAllText(path))), "EdgeRuntime.Nano.DeviceTests", []);
        Assert.Empty(NanoGuard.Check(assembly, Engine));
    }

    [Theory]
    [InlineData("static int F(System.Collections.Generic.List<int> x) { return x.Count; }", "generic type System.Collections.Generic.List`1")]
    [InlineData("static T F<T>(T x) { return x; }", "::F is generic")]
    [InlineData("static int F() { int[,] a = new int[2, 3]; return a[1, 1]; }", "several dimensions")]
    [InlineData("static int F(int a, int b) { return checked(a + b); }", "add.ovf")]
    [InlineData("static byte F(int a) { return checked((byte)a); }", "conv.ovf")]
    [InlineData("static unsafe int F(int[] a) { fixed (int* p = a) { return *p; } }", "pointer System.Int32*")]
    [InlineData("static unsafe int F() { int* p = stackalloc int[4]; return *p; }", "localloc")]
    [InlineData("static unsafe int G() { return 1; } static unsafe int F() { delegate*<int> p = &G; return p(); }", "calli")]
    [InlineData("static double F(double x) { return System.Math.Sqrt(x); }", "functions of double")]
    [InlineData("static int? F(int x) { return x; }", "System.Nullable`1")]
    [InlineData("static (int, int) F(int x) { return (x, x); }", "System.ValueTuple`2")]
    [InlineData("static void F(int[] a) { System.Array.Fill(a, 1); }", "generic method")]
    [InlineData("static void F() { System.Console.Beep(); }", "System.Console")]
    [InlineData("static int F(string s) { return int.Parse(s, System.Globalization.NumberStyles.Any); }", "System.Int32 System.Int32::Parse")]
    [InlineData("static readonly int A = Other.B; static class Other { internal static readonly int B = int.Parse(\"1\"); }", "while types are initialised")]
    public void What_nanoFramework_lacks_is_named(string member, string expected)
    {
        byte[] assembly = EmittedCode.CompileText("public class C { " + member + " }", LanguageVersion.Latest);
        Assert.Contains(NanoGuard.Check(assembly, Engine), problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Arithmetic_in_double_is_no_problem() =>
        Assert.Empty(NanoGuard.Check(EmittedCode.CompileText("public class C { static float F(float x, float y) { double sum = x; sum += y; return (float)(sum / 3.0); } }", LanguageVersion.Latest), Engine));

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
