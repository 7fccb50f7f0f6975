using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>Moves float32 values into input tensors or out of output tensors, by the tensor's scale where it is quantized.</summary>
    internal static class TensorPort
    {
        /// <summary>Whether inputs and outputs of the type are moved; every type is but in an engine that 'edge emit --engine' wrote.</summary>
        internal static bool Takes(TensorType type)
        {
            switch (type)
            {
                case TensorType.Float32: return true;
                case TensorType.Int8: return true;
                case TensorType.Int16: return true;
                case TensorType.Int32: return true;
                case TensorType.Int64: return true;
                default: return false;
            }
        }

        internal static void Write(TensorInfo[] tensors, SessionMemory memory, float[] source)
        {
            int from = 0;
            for (int t = 0; t < tensors.Length; t++)
            {
                TensorInfo tensor = tensors[t];
                int n = tensor.Elements;
                float scale = tensor.IsQuantized ? tensor.Scale : 1f;
                int zeroPoint = tensor.IsQuantized ? tensor.ZeroPoint : 0;
                switch (tensor.Type)
                {
                    case TensorType.Float32:
                        Array.Copy(source, from, memory.Floats(tensor), 0, n);
                        break;
                    case TensorType.Int8:
                        sbyte[] int8s = memory.Int8s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            int8s[i] = (sbyte)FloatMath.Round(source[from + i] / scale, zeroPoint, sbyte.MinValue, sbyte.MaxValue);
                        }

                        break;
                    case TensorType.Int16:
                        short[] int16s = memory.Int16s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            int16s[i] = (short)FloatMath.Round(source[from + i] / scale, zeroPoint, short.MinValue, short.MaxValue);
                        }

                        break;
                    case TensorType.Int32:
                        int[] int32s = memory.Int32s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            int32s[i] = (int)source[from + i];
                        }

                        break;
                    case TensorType.Int64:
                        long[] int64s = memory.Int64s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            int64s[i] = (long)source[from + i];
                        }

                        break;
                }

                from += n;
            }
        }

        internal static void Read(TensorInfo[] tensors, SessionMemory memory, float[] destination)
        {
            int to = 0;
            for (int t = 0; t < tensors.Length; t++)
            {
                TensorInfo tensor = tensors[t];
                int n = tensor.Elements;
                float scale = tensor.IsQuantized ? tensor.Scale : 1f;
                int zeroPoint = tensor.IsQuantized ? tensor.ZeroPoint : 0;
                switch (tensor.Type)
                {
                    case TensorType.Float32:
                        Array.Copy(memory.Floats(tensor), 0, destination, to, n);
                        break;
                    case TensorType.Int8:
                        sbyte[] int8s = memory.Int8s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            destination[to + i] = scale * (int8s[i] - zeroPoint);
                        }

                        break;
                    case TensorType.Int16:
                        short[] int16s = memory.Int16s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            destination[to + i] = scale * (int16s[i] - zeroPoint);
                        }

                        break;
                    case TensorType.Int32:
                        int[] int32s = memory.Int32s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            destination[to + i] = int32s[i];
                        }

                        break;
                    case TensorType.Int64:
                        long[] int64s = memory.Int64s(tensor);
                        for (int i = 0; i < n; i++)
                        {
                            destination[to + i] = int64s[i];
                        }

                        break;
                }

                to += n;
            }
        }
    }
}
