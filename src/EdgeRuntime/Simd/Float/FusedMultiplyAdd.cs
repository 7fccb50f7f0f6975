using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeInference.Runtime.Simd.Float;

/// <summary>
/// Whether this processor rounds a·b + c once. All widths do or none does. The vectors ask the processor themselves: NativeAOT
/// leaves this one a call where a kernel has used up what may be inlined into it.
/// </summary>
internal static class FusedMultiplyAdd
{
    internal static bool IsSupported => Fma.IsSupported || AdvSimd.IsSupported;
}
