using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Tests;

/// <summary>
/// What every inference goes through is compiled once, for speed: in tiers it takes ten times longer for the first tens of thousands of calls.
/// Times are measured by <c>benchmarks</c>; here is that nothing on the way was forgotten.
/// </summary>
public class FirstCallTests
{
    public static TheoryData<string, string> Methods => new()
    {
        { typeof(Session).FullName!, nameof(Session.Run) },
        { typeof(BatchRunner).FullName!, "Run" },
        { typeof(VectorFunction).FullName!, "Apply" },
        { typeof(VectorFunction).FullName!, "ApplyScalar" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_of_every_inference_is_compiled_for_speed_at_once(string type, string name)
    {
        MethodInfo[] methods = [.. typeof(Session).Assembly.GetType(type)!.GetMethods(Every).Where(method => method.Name == name)];
        Assert.NotEmpty(methods);
        Assert.All(methods, AssertCompiledAtOnce);
    }

    // The longest of each name: the others hand on to it.
    [Theory]
    [InlineData("Write")]
    [InlineData("Read")]
    public void A_port_of_every_inference_is_compiled_for_speed_at_once(string name) =>
        AssertCompiledAtOnce(typeof(TensorPort).GetMethods(Every).Where(method => method.Name == name).MaxBy(method => method.GetParameters().Length)!);

    private const BindingFlags Every = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static void AssertCompiledAtOnce(MethodInfo method) =>
        Assert.True(method.MethodImplementationFlags.HasFlag((MethodImplAttributes)MethodImplOptions.AggressiveOptimization), $"{method.DeclaringType}.{method.Name}");
}
