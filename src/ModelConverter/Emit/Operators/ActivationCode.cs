using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Activations in float32 as expressions.</summary>
internal static class ActivationCode
{
    // FloatMath.Activate with the exponential inside: about this many instructions.
    private const int CallInstructions = 90;

    /// <summary>An expression for f(x), and the instructions that it takes.</summary>
    /// <param name="context">The code being written.</param>
    /// <param name="kind">The function; for PReLU α is the channel's slope.</param>
    /// <param name="x">A local.</param>
    /// <param name="alpha">α.</param>
    /// <param name="beta">β.</param>
    internal static (string Code, int Instructions) Of(EmitContext context, ActivationKind kind, string x, float alpha, float beta)
    {
        if (ActivationFunctions.Get(kind).NanoCode(x, Literal.Of(alpha)) is { } code)
        {
            return code;
        }

        return Call(context, kind, x, Literal.Of(alpha), Literal.Of(beta));
    }

    /// <summary>A call of the engine's function.</summary>
    internal static (string Code, int Instructions) Call(EmitContext context, ActivationKind kind, string x, string alpha, string beta)
    {
        context.NeedsEngine = true;
        return ($"FloatMath.Activate(EdgeInference.ModelFormat.ActivationKind.{kind}, {x}, {alpha}, {beta})", CallInstructions);
    }
}
