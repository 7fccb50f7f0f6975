using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <content>Which kernels do without the whole file in RAM.</content>
    internal static partial class KernelTable
    {
        /// <summary>Whether the kernel that <see cref="Has"/> tells of can do without the whole file in RAM.</summary>
        internal static bool HasChunked(Opcode opcode, TensorType type)
        {
            switch (opcode)
            {
                case Opcode.Dense: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Conv: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.ConvTranspose: return false;
                case Opcode.RNN: return false;
                case Opcode.GRU: return false;
                case Opcode.LSTM: return false;
                case Opcode.QuantizedLSTM: return false;
                case Opcode.QuantizedRecurrent: return false;
                default: return true;
            }
        }
    }
}
