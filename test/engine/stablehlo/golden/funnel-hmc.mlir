// funnel hmc: float32, 4 chains, up to 8 iterations
// takes %0: count count int32[]
// takes %1: input z float32[4,10]
// takes %2: input log_density float32[4]
// takes %3: input gradient float32[4,10]
// takes %4: input step_size float32[]
// takes %5: input inverse_mass float32[10]
// takes %6: input chain_key uint32[4,2]
// takes %7: schedule iteration uint32[8]
// takes %8: schedule steps int32[8]
// gives output z float32[4,10]
// gives output log_density float32[4]
// gives output gradient float32[4,10]
// gives output proposal_z float32[4,10]
// gives output proposal_momentum float32[4,10]
// gives output posterior.v float32[4]
// gives output posterior.x float32[4,9]
// gives output statistics.lp float32[4]
// gives output statistics.acceptance_rate float32[4]
// gives output statistics.diverging bool[4]
// gives output statistics.energy float32[4]
// gives output statistics.energy_error float32[4]
// gives record posterior.v float32[8,4]
// gives record posterior.x float32[8,4,9]
// gives record statistics.lp float32[8,4]
// gives record statistics.acceptance_rate float32[8,4]
// gives record statistics.diverging bool[8,4]
// gives record statistics.energy float32[8,4]
// gives record statistics.energy_error float32[8,4]
module @manychain {
  func.func public @main(%0: tensor<i32>, %1: tensor<4x10xf32>, %2: tensor<4xf32>, %3: tensor<4x10xf32>, %4: tensor<f32>, %5: tensor<10xf32>, %6: tensor<4x2xui32>, %7: tensor<8xui32>, %8: tensor<8xi32>) -> (tensor<4x10xf32>, tensor<4xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4xf32>, tensor<4x9xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xf32>, tensor<4xf32>, tensor<8x4xf32>, tensor<8x4x9xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xi1>, tensor<8x4xf32>, tensor<8x4xf32>) {
    %9 = stablehlo.slice %6 [0:4, 0:1] : (tensor<4x2xui32>) -> tensor<4x1xui32>
    %10 = stablehlo.reshape %9 : (tensor<4x1xui32>) -> tensor<4xui32>
    %11 = stablehlo.slice %6 [0:4, 1:2] : (tensor<4x2xui32>) -> tensor<4x1xui32>
    %12 = stablehlo.reshape %11 : (tensor<4x1xui32>) -> tensor<4xui32>
    %13 = stablehlo.xor %10, %12 : tensor<4xui32>
    %14 = stablehlo.constant dense<466688986> : tensor<ui32>
    %15 = stablehlo.broadcast_in_dim %14, dims = [] : (tensor<ui32>) -> tensor<4xui32>
    %16 = stablehlo.xor %13, %15 : tensor<4xui32>
    %17 = stablehlo.constant dense<1> : tensor<ui32>
    %18 = stablehlo.constant dense<2> : tensor<ui32>
    %19 = stablehlo.constant dense<3> : tensor<ui32>
    %20 = stablehlo.constant dense<4> : tensor<ui32>
    %21 = stablehlo.constant dense<5> : tensor<ui32>
    %22 = stablehlo.constant dense<"0x00000000010000000200000003000000040000000500000006000000070000000800000009000000"> : tensor<10xui32>
    %23 = stablehlo.constant dense<2.0> : tensor<f32>
    %24 = stablehlo.constant dense<1.1920928955078125e-7> : tensor<f32>
    %25 = stablehlo.constant dense<0.5> : tensor<f32>
    %26 = stablehlo.multiply %24, %25 : tensor<f32>
    %27 = stablehlo.constant dense<1.0> : tensor<f32>
    %28 = stablehlo.subtract %26, %27 : tensor<f32>
    %29 = stablehlo.constant dense<1.4142135381698608> : tensor<f32>
    %30 = stablehlo.sqrt %5 : tensor<10xf32>
    %31 = stablehlo.constant dense<1> : tensor<i32>
    %32 = stablehlo.multiply %4, %25 : tensor<f32>
    %33 = stablehlo.constant dense<-9.0> : tensor<f32>
    %34 = stablehlo.constant dense<-0.1111111119389534> : tensor<f32>
    %35 = stablehlo.constant dense<0.3333333432674408> : tensor<f32>
    %36 = stablehlo.constant dense<-0.5> : tensor<f32>
    %37 = stablehlo.constant dense<1.0986123085021973> : tensor<f32>
    %38 = stablehlo.constant dense<0.9189385175704956> : tensor<f32>
    %39 = stablehlo.constant dense<0x7F800000> : tensor<f32>
    %40 = stablehlo.constant dense<-1000.0> : tensor<f32>
    %41 = stablehlo.constant dense<0.0> : tensor<f32>
    %42 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %43 = stablehlo.constant dense<0.0> : tensor<4x10xf32>
    %44 = stablehlo.constant dense<0.0> : tensor<8x4xf32>
    %45 = stablehlo.constant dense<0.0> : tensor<8x4x9xf32>
    %46 = stablehlo.constant dense<false> : tensor<8x4xi1>
    %47 = stablehlo.constant dense<0> : tensor<i32>
    %48:13 = stablehlo.while(%49 = %47, %50 = %1, %51 = %2, %52 = %3, %53 = %43, %54 = %43, %55 = %44, %56 = %45, %57 = %44, %58 = %44, %59 = %46, %60 = %44, %61 = %44) : tensor<i32>, tensor<4x10xf32>, tensor<4xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<8x4xf32>, tensor<8x4x9xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xi1>, tensor<8x4xf32>, tensor<8x4xf32>
    cond {
      %62 = stablehlo.compare LT, %49, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %62 : tensor<i1>
    } do {
      %63 = stablehlo.dynamic_slice %7, %49, sizes = [1] : (tensor<8xui32>, tensor<i32>) -> tensor<1xui32>
      %64 = stablehlo.reshape %63 : (tensor<1xui32>) -> tensor<ui32>
      %65 = stablehlo.dynamic_slice %8, %49, sizes = [1] : (tensor<8xi32>, tensor<i32>) -> tensor<1xi32>
      %66 = stablehlo.reshape %65 : (tensor<1xi32>) -> tensor<i32>
      %67 = stablehlo.broadcast_in_dim %64, dims = [] : (tensor<ui32>) -> tensor<4xui32>
      %68 = stablehlo.add %67, %12 : tensor<4xui32>
      %69 = stablehlo.add %10, %68 : tensor<4xui32>
      %70 = stablehlo.constant dense<13> : tensor<4xui32>
      %71 = stablehlo.shift_left %68, %70 : tensor<4xui32>
      %72 = stablehlo.constant dense<19> : tensor<4xui32>
      %73 = stablehlo.shift_right_logical %68, %72 : tensor<4xui32>
      %74 = stablehlo.or %71, %73 : tensor<4xui32>
      %75 = stablehlo.xor %74, %69 : tensor<4xui32>
      %76 = stablehlo.add %69, %75 : tensor<4xui32>
      %77 = stablehlo.constant dense<15> : tensor<4xui32>
      %78 = stablehlo.shift_left %75, %77 : tensor<4xui32>
      %79 = stablehlo.constant dense<17> : tensor<4xui32>
      %80 = stablehlo.shift_right_logical %75, %79 : tensor<4xui32>
      %81 = stablehlo.or %78, %80 : tensor<4xui32>
      %82 = stablehlo.xor %81, %76 : tensor<4xui32>
      %83 = stablehlo.add %76, %82 : tensor<4xui32>
      %84 = stablehlo.constant dense<26> : tensor<4xui32>
      %85 = stablehlo.shift_left %82, %84 : tensor<4xui32>
      %86 = stablehlo.constant dense<6> : tensor<4xui32>
      %87 = stablehlo.shift_right_logical %82, %86 : tensor<4xui32>
      %88 = stablehlo.or %85, %87 : tensor<4xui32>
      %89 = stablehlo.xor %88, %83 : tensor<4xui32>
      %90 = stablehlo.add %83, %89 : tensor<4xui32>
      %91 = stablehlo.add %90, %12 : tensor<4xui32>
      %92 = stablehlo.shift_left %89, %86 : tensor<4xui32>
      %93 = stablehlo.shift_right_logical %89, %84 : tensor<4xui32>
      %94 = stablehlo.or %92, %93 : tensor<4xui32>
      %95 = stablehlo.xor %94, %90 : tensor<4xui32>
      %96 = stablehlo.add %95, %16 : tensor<4xui32>
      %97 = stablehlo.broadcast_in_dim %17, dims = [] : (tensor<ui32>) -> tensor<4xui32>
      %98 = stablehlo.add %96, %97 : tensor<4xui32>
      %99 = stablehlo.add %91, %98 : tensor<4xui32>
      %100 = stablehlo.shift_left %98, %79 : tensor<4xui32>
      %101 = stablehlo.shift_right_logical %98, %77 : tensor<4xui32>
      %102 = stablehlo.or %100, %101 : tensor<4xui32>
      %103 = stablehlo.xor %102, %99 : tensor<4xui32>
      %104 = stablehlo.add %99, %103 : tensor<4xui32>
      %105 = stablehlo.constant dense<29> : tensor<4xui32>
      %106 = stablehlo.shift_left %103, %105 : tensor<4xui32>
      %107 = stablehlo.constant dense<3> : tensor<4xui32>
      %108 = stablehlo.shift_right_logical %103, %107 : tensor<4xui32>
      %109 = stablehlo.or %106, %108 : tensor<4xui32>
      %110 = stablehlo.xor %109, %104 : tensor<4xui32>
      %111 = stablehlo.add %104, %110 : tensor<4xui32>
      %112 = stablehlo.constant dense<16> : tensor<4xui32>
      %113 = stablehlo.shift_left %110, %112 : tensor<4xui32>
      %114 = stablehlo.shift_right_logical %110, %112 : tensor<4xui32>
      %115 = stablehlo.or %113, %114 : tensor<4xui32>
      %116 = stablehlo.xor %115, %111 : tensor<4xui32>
      %117 = stablehlo.add %111, %116 : tensor<4xui32>
      %118 = stablehlo.add %117, %16 : tensor<4xui32>
      %119 = stablehlo.constant dense<24> : tensor<4xui32>
      %120 = stablehlo.shift_left %116, %119 : tensor<4xui32>
      %121 = stablehlo.constant dense<8> : tensor<4xui32>
      %122 = stablehlo.shift_right_logical %116, %121 : tensor<4xui32>
      %123 = stablehlo.or %120, %122 : tensor<4xui32>
      %124 = stablehlo.xor %123, %117 : tensor<4xui32>
      %125 = stablehlo.add %124, %10 : tensor<4xui32>
      %126 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<ui32>) -> tensor<4xui32>
      %127 = stablehlo.add %125, %126 : tensor<4xui32>
      %128 = stablehlo.add %118, %127 : tensor<4xui32>
      %129 = stablehlo.shift_left %127, %70 : tensor<4xui32>
      %130 = stablehlo.shift_right_logical %127, %72 : tensor<4xui32>
      %131 = stablehlo.or %129, %130 : tensor<4xui32>
      %132 = stablehlo.xor %131, %128 : tensor<4xui32>
      %133 = stablehlo.add %128, %132 : tensor<4xui32>
      %134 = stablehlo.shift_left %132, %77 : tensor<4xui32>
      %135 = stablehlo.shift_right_logical %132, %79 : tensor<4xui32>
      %136 = stablehlo.or %134, %135 : tensor<4xui32>
      %137 = stablehlo.xor %136, %133 : tensor<4xui32>
      %138 = stablehlo.add %133, %137 : tensor<4xui32>
      %139 = stablehlo.shift_left %137, %84 : tensor<4xui32>
      %140 = stablehlo.shift_right_logical %137, %86 : tensor<4xui32>
      %141 = stablehlo.or %139, %140 : tensor<4xui32>
      %142 = stablehlo.xor %141, %138 : tensor<4xui32>
      %143 = stablehlo.add %138, %142 : tensor<4xui32>
      %144 = stablehlo.add %143, %10 : tensor<4xui32>
      %145 = stablehlo.shift_left %142, %86 : tensor<4xui32>
      %146 = stablehlo.shift_right_logical %142, %84 : tensor<4xui32>
      %147 = stablehlo.or %145, %146 : tensor<4xui32>
      %148 = stablehlo.xor %147, %143 : tensor<4xui32>
      %149 = stablehlo.add %148, %12 : tensor<4xui32>
      %150 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<ui32>) -> tensor<4xui32>
      %151 = stablehlo.add %149, %150 : tensor<4xui32>
      %152 = stablehlo.add %144, %151 : tensor<4xui32>
      %153 = stablehlo.shift_left %151, %79 : tensor<4xui32>
      %154 = stablehlo.shift_right_logical %151, %77 : tensor<4xui32>
      %155 = stablehlo.or %153, %154 : tensor<4xui32>
      %156 = stablehlo.xor %155, %152 : tensor<4xui32>
      %157 = stablehlo.add %152, %156 : tensor<4xui32>
      %158 = stablehlo.shift_left %156, %105 : tensor<4xui32>
      %159 = stablehlo.shift_right_logical %156, %107 : tensor<4xui32>
      %160 = stablehlo.or %158, %159 : tensor<4xui32>
      %161 = stablehlo.xor %160, %157 : tensor<4xui32>
      %162 = stablehlo.add %157, %161 : tensor<4xui32>
      %163 = stablehlo.shift_left %161, %112 : tensor<4xui32>
      %164 = stablehlo.shift_right_logical %161, %112 : tensor<4xui32>
      %165 = stablehlo.or %163, %164 : tensor<4xui32>
      %166 = stablehlo.xor %165, %162 : tensor<4xui32>
      %167 = stablehlo.add %162, %166 : tensor<4xui32>
      %168 = stablehlo.add %167, %12 : tensor<4xui32>
      %169 = stablehlo.shift_left %166, %119 : tensor<4xui32>
      %170 = stablehlo.shift_right_logical %166, %121 : tensor<4xui32>
      %171 = stablehlo.or %169, %170 : tensor<4xui32>
      %172 = stablehlo.xor %171, %167 : tensor<4xui32>
      %173 = stablehlo.add %172, %16 : tensor<4xui32>
      %174 = stablehlo.broadcast_in_dim %20, dims = [] : (tensor<ui32>) -> tensor<4xui32>
      %175 = stablehlo.add %173, %174 : tensor<4xui32>
      %176 = stablehlo.add %168, %175 : tensor<4xui32>
      %177 = stablehlo.shift_left %175, %70 : tensor<4xui32>
      %178 = stablehlo.shift_right_logical %175, %72 : tensor<4xui32>
      %179 = stablehlo.or %177, %178 : tensor<4xui32>
      %180 = stablehlo.xor %179, %176 : tensor<4xui32>
      %181 = stablehlo.add %176, %180 : tensor<4xui32>
      %182 = stablehlo.shift_left %180, %77 : tensor<4xui32>
      %183 = stablehlo.shift_right_logical %180, %79 : tensor<4xui32>
      %184 = stablehlo.or %182, %183 : tensor<4xui32>
      %185 = stablehlo.xor %184, %181 : tensor<4xui32>
      %186 = stablehlo.add %181, %185 : tensor<4xui32>
      %187 = stablehlo.shift_left %185, %84 : tensor<4xui32>
      %188 = stablehlo.shift_right_logical %185, %86 : tensor<4xui32>
      %189 = stablehlo.or %187, %188 : tensor<4xui32>
      %190 = stablehlo.xor %189, %186 : tensor<4xui32>
      %191 = stablehlo.add %186, %190 : tensor<4xui32>
      %192 = stablehlo.add %191, %16 : tensor<4xui32>
      %193 = stablehlo.shift_left %190, %86 : tensor<4xui32>
      %194 = stablehlo.shift_right_logical %190, %84 : tensor<4xui32>
      %195 = stablehlo.or %193, %194 : tensor<4xui32>
      %196 = stablehlo.xor %195, %191 : tensor<4xui32>
      %197 = stablehlo.add %196, %10 : tensor<4xui32>
      %198 = stablehlo.broadcast_in_dim %21, dims = [] : (tensor<ui32>) -> tensor<4xui32>
      %199 = stablehlo.add %197, %198 : tensor<4xui32>
      %200 = stablehlo.add %97, %199 : tensor<4xui32>
      %201 = stablehlo.add %192, %200 : tensor<4xui32>
      %202 = stablehlo.shift_left %200, %70 : tensor<4xui32>
      %203 = stablehlo.shift_right_logical %200, %72 : tensor<4xui32>
      %204 = stablehlo.or %202, %203 : tensor<4xui32>
      %205 = stablehlo.xor %204, %201 : tensor<4xui32>
      %206 = stablehlo.add %201, %205 : tensor<4xui32>
      %207 = stablehlo.shift_left %205, %77 : tensor<4xui32>
      %208 = stablehlo.shift_right_logical %205, %79 : tensor<4xui32>
      %209 = stablehlo.or %207, %208 : tensor<4xui32>
      %210 = stablehlo.xor %209, %206 : tensor<4xui32>
      %211 = stablehlo.add %206, %210 : tensor<4xui32>
      %212 = stablehlo.shift_left %210, %84 : tensor<4xui32>
      %213 = stablehlo.shift_right_logical %210, %86 : tensor<4xui32>
      %214 = stablehlo.or %212, %213 : tensor<4xui32>
      %215 = stablehlo.xor %214, %211 : tensor<4xui32>
      %216 = stablehlo.add %211, %215 : tensor<4xui32>
      %217 = stablehlo.add %216, %199 : tensor<4xui32>
      %218 = stablehlo.shift_left %215, %86 : tensor<4xui32>
      %219 = stablehlo.shift_right_logical %215, %84 : tensor<4xui32>
      %220 = stablehlo.or %218, %219 : tensor<4xui32>
      %221 = stablehlo.xor %220, %216 : tensor<4xui32>
      %222 = stablehlo.xor %192, %199 : tensor<4xui32>
      %223 = stablehlo.xor %222, %15 : tensor<4xui32>
      %224 = stablehlo.add %221, %223 : tensor<4xui32>
      %225 = stablehlo.add %224, %97 : tensor<4xui32>
      %226 = stablehlo.add %217, %225 : tensor<4xui32>
      %227 = stablehlo.shift_left %225, %79 : tensor<4xui32>
      %228 = stablehlo.shift_right_logical %225, %77 : tensor<4xui32>
      %229 = stablehlo.or %227, %228 : tensor<4xui32>
      %230 = stablehlo.xor %229, %226 : tensor<4xui32>
      %231 = stablehlo.add %226, %230 : tensor<4xui32>
      %232 = stablehlo.shift_left %230, %105 : tensor<4xui32>
      %233 = stablehlo.shift_right_logical %230, %107 : tensor<4xui32>
      %234 = stablehlo.or %232, %233 : tensor<4xui32>
      %235 = stablehlo.xor %234, %231 : tensor<4xui32>
      %236 = stablehlo.add %231, %235 : tensor<4xui32>
      %237 = stablehlo.shift_left %235, %112 : tensor<4xui32>
      %238 = stablehlo.shift_right_logical %235, %112 : tensor<4xui32>
      %239 = stablehlo.or %237, %238 : tensor<4xui32>
      %240 = stablehlo.xor %239, %236 : tensor<4xui32>
      %241 = stablehlo.add %236, %240 : tensor<4xui32>
      %242 = stablehlo.add %241, %223 : tensor<4xui32>
      %243 = stablehlo.shift_left %240, %119 : tensor<4xui32>
      %244 = stablehlo.shift_right_logical %240, %121 : tensor<4xui32>
      %245 = stablehlo.or %243, %244 : tensor<4xui32>
      %246 = stablehlo.xor %245, %241 : tensor<4xui32>
      %247 = stablehlo.add %246, %192 : tensor<4xui32>
      %248 = stablehlo.add %247, %126 : tensor<4xui32>
      %249 = stablehlo.add %242, %248 : tensor<4xui32>
      %250 = stablehlo.shift_left %248, %70 : tensor<4xui32>
      %251 = stablehlo.shift_right_logical %248, %72 : tensor<4xui32>
      %252 = stablehlo.or %250, %251 : tensor<4xui32>
      %253 = stablehlo.xor %252, %249 : tensor<4xui32>
      %254 = stablehlo.add %249, %253 : tensor<4xui32>
      %255 = stablehlo.shift_left %253, %77 : tensor<4xui32>
      %256 = stablehlo.shift_right_logical %253, %79 : tensor<4xui32>
      %257 = stablehlo.or %255, %256 : tensor<4xui32>
      %258 = stablehlo.xor %257, %254 : tensor<4xui32>
      %259 = stablehlo.add %254, %258 : tensor<4xui32>
      %260 = stablehlo.shift_left %258, %84 : tensor<4xui32>
      %261 = stablehlo.shift_right_logical %258, %86 : tensor<4xui32>
      %262 = stablehlo.or %260, %261 : tensor<4xui32>
      %263 = stablehlo.xor %262, %259 : tensor<4xui32>
      %264 = stablehlo.add %259, %263 : tensor<4xui32>
      %265 = stablehlo.add %264, %192 : tensor<4xui32>
      %266 = stablehlo.shift_left %263, %86 : tensor<4xui32>
      %267 = stablehlo.shift_right_logical %263, %84 : tensor<4xui32>
      %268 = stablehlo.or %266, %267 : tensor<4xui32>
      %269 = stablehlo.xor %268, %264 : tensor<4xui32>
      %270 = stablehlo.add %269, %199 : tensor<4xui32>
      %271 = stablehlo.add %270, %150 : tensor<4xui32>
      %272 = stablehlo.add %265, %271 : tensor<4xui32>
      %273 = stablehlo.shift_left %271, %79 : tensor<4xui32>
      %274 = stablehlo.shift_right_logical %271, %77 : tensor<4xui32>
      %275 = stablehlo.or %273, %274 : tensor<4xui32>
      %276 = stablehlo.xor %275, %272 : tensor<4xui32>
      %277 = stablehlo.add %272, %276 : tensor<4xui32>
      %278 = stablehlo.shift_left %276, %105 : tensor<4xui32>
      %279 = stablehlo.shift_right_logical %276, %107 : tensor<4xui32>
      %280 = stablehlo.or %278, %279 : tensor<4xui32>
      %281 = stablehlo.xor %280, %277 : tensor<4xui32>
      %282 = stablehlo.add %277, %281 : tensor<4xui32>
      %283 = stablehlo.shift_left %281, %112 : tensor<4xui32>
      %284 = stablehlo.shift_right_logical %281, %112 : tensor<4xui32>
      %285 = stablehlo.or %283, %284 : tensor<4xui32>
      %286 = stablehlo.xor %285, %282 : tensor<4xui32>
      %287 = stablehlo.add %282, %286 : tensor<4xui32>
      %288 = stablehlo.add %287, %199 : tensor<4xui32>
      %289 = stablehlo.shift_left %286, %119 : tensor<4xui32>
      %290 = stablehlo.shift_right_logical %286, %121 : tensor<4xui32>
      %291 = stablehlo.or %289, %290 : tensor<4xui32>
      %292 = stablehlo.xor %291, %287 : tensor<4xui32>
      %293 = stablehlo.add %292, %223 : tensor<4xui32>
      %294 = stablehlo.add %293, %174 : tensor<4xui32>
      %295 = stablehlo.add %288, %294 : tensor<4xui32>
      %296 = stablehlo.shift_left %294, %70 : tensor<4xui32>
      %297 = stablehlo.shift_right_logical %294, %72 : tensor<4xui32>
      %298 = stablehlo.or %296, %297 : tensor<4xui32>
      %299 = stablehlo.xor %298, %295 : tensor<4xui32>
      %300 = stablehlo.add %295, %299 : tensor<4xui32>
      %301 = stablehlo.shift_left %299, %77 : tensor<4xui32>
      %302 = stablehlo.shift_right_logical %299, %79 : tensor<4xui32>
      %303 = stablehlo.or %301, %302 : tensor<4xui32>
      %304 = stablehlo.xor %303, %300 : tensor<4xui32>
      %305 = stablehlo.add %300, %304 : tensor<4xui32>
      %306 = stablehlo.shift_left %304, %84 : tensor<4xui32>
      %307 = stablehlo.shift_right_logical %304, %86 : tensor<4xui32>
      %308 = stablehlo.or %306, %307 : tensor<4xui32>
      %309 = stablehlo.xor %308, %305 : tensor<4xui32>
      %310 = stablehlo.add %305, %309 : tensor<4xui32>
      %311 = stablehlo.add %310, %223 : tensor<4xui32>
      %312 = stablehlo.shift_left %309, %86 : tensor<4xui32>
      %313 = stablehlo.shift_right_logical %309, %84 : tensor<4xui32>
      %314 = stablehlo.or %312, %313 : tensor<4xui32>
      %315 = stablehlo.xor %314, %310 : tensor<4xui32>
      %316 = stablehlo.add %315, %192 : tensor<4xui32>
      %317 = stablehlo.add %316, %198 : tensor<4xui32>
      %318 = stablehlo.add %311, %317 : tensor<4xui32>
      %319 = stablehlo.shift_left %317, %70 : tensor<4xui32>
      %320 = stablehlo.shift_right_logical %317, %72 : tensor<4xui32>
      %321 = stablehlo.or %319, %320 : tensor<4xui32>
      %322 = stablehlo.xor %321, %318 : tensor<4xui32>
      %323 = stablehlo.add %318, %322 : tensor<4xui32>
      %324 = stablehlo.shift_left %322, %77 : tensor<4xui32>
      %325 = stablehlo.shift_right_logical %322, %79 : tensor<4xui32>
      %326 = stablehlo.or %324, %325 : tensor<4xui32>
      %327 = stablehlo.xor %326, %323 : tensor<4xui32>
      %328 = stablehlo.add %323, %327 : tensor<4xui32>
      %329 = stablehlo.shift_left %327, %84 : tensor<4xui32>
      %330 = stablehlo.shift_right_logical %327, %86 : tensor<4xui32>
      %331 = stablehlo.or %329, %330 : tensor<4xui32>
      %332 = stablehlo.xor %331, %328 : tensor<4xui32>
      %333 = stablehlo.add %328, %332 : tensor<4xui32>
      %334 = stablehlo.add %333, %317 : tensor<4xui32>
      %335 = stablehlo.shift_left %332, %86 : tensor<4xui32>
      %336 = stablehlo.shift_right_logical %332, %84 : tensor<4xui32>
      %337 = stablehlo.or %335, %336 : tensor<4xui32>
      %338 = stablehlo.xor %337, %333 : tensor<4xui32>
      %339 = stablehlo.xor %311, %317 : tensor<4xui32>
      %340 = stablehlo.xor %339, %15 : tensor<4xui32>
      %341 = stablehlo.add %338, %340 : tensor<4xui32>
      %342 = stablehlo.add %341, %97 : tensor<4xui32>
      %343 = stablehlo.add %334, %342 : tensor<4xui32>
      %344 = stablehlo.shift_left %342, %79 : tensor<4xui32>
      %345 = stablehlo.shift_right_logical %342, %77 : tensor<4xui32>
      %346 = stablehlo.or %344, %345 : tensor<4xui32>
      %347 = stablehlo.xor %346, %343 : tensor<4xui32>
      %348 = stablehlo.add %343, %347 : tensor<4xui32>
      %349 = stablehlo.shift_left %347, %105 : tensor<4xui32>
      %350 = stablehlo.shift_right_logical %347, %107 : tensor<4xui32>
      %351 = stablehlo.or %349, %350 : tensor<4xui32>
      %352 = stablehlo.xor %351, %348 : tensor<4xui32>
      %353 = stablehlo.add %348, %352 : tensor<4xui32>
      %354 = stablehlo.shift_left %352, %112 : tensor<4xui32>
      %355 = stablehlo.shift_right_logical %352, %112 : tensor<4xui32>
      %356 = stablehlo.or %354, %355 : tensor<4xui32>
      %357 = stablehlo.xor %356, %353 : tensor<4xui32>
      %358 = stablehlo.add %353, %357 : tensor<4xui32>
      %359 = stablehlo.add %358, %340 : tensor<4xui32>
      %360 = stablehlo.shift_left %357, %119 : tensor<4xui32>
      %361 = stablehlo.shift_right_logical %357, %121 : tensor<4xui32>
      %362 = stablehlo.or %360, %361 : tensor<4xui32>
      %363 = stablehlo.xor %362, %358 : tensor<4xui32>
      %364 = stablehlo.add %363, %311 : tensor<4xui32>
      %365 = stablehlo.add %364, %126 : tensor<4xui32>
      %366 = stablehlo.add %359, %365 : tensor<4xui32>
      %367 = stablehlo.shift_left %365, %70 : tensor<4xui32>
      %368 = stablehlo.shift_right_logical %365, %72 : tensor<4xui32>
      %369 = stablehlo.or %367, %368 : tensor<4xui32>
      %370 = stablehlo.xor %369, %366 : tensor<4xui32>
      %371 = stablehlo.add %366, %370 : tensor<4xui32>
      %372 = stablehlo.shift_left %370, %77 : tensor<4xui32>
      %373 = stablehlo.shift_right_logical %370, %79 : tensor<4xui32>
      %374 = stablehlo.or %372, %373 : tensor<4xui32>
      %375 = stablehlo.xor %374, %371 : tensor<4xui32>
      %376 = stablehlo.add %371, %375 : tensor<4xui32>
      %377 = stablehlo.shift_left %375, %84 : tensor<4xui32>
      %378 = stablehlo.shift_right_logical %375, %86 : tensor<4xui32>
      %379 = stablehlo.or %377, %378 : tensor<4xui32>
      %380 = stablehlo.xor %379, %376 : tensor<4xui32>
      %381 = stablehlo.add %376, %380 : tensor<4xui32>
      %382 = stablehlo.add %381, %311 : tensor<4xui32>
      %383 = stablehlo.shift_left %380, %86 : tensor<4xui32>
      %384 = stablehlo.shift_right_logical %380, %84 : tensor<4xui32>
      %385 = stablehlo.or %383, %384 : tensor<4xui32>
      %386 = stablehlo.xor %385, %381 : tensor<4xui32>
      %387 = stablehlo.add %386, %317 : tensor<4xui32>
      %388 = stablehlo.add %387, %150 : tensor<4xui32>
      %389 = stablehlo.add %382, %388 : tensor<4xui32>
      %390 = stablehlo.shift_left %388, %79 : tensor<4xui32>
      %391 = stablehlo.shift_right_logical %388, %77 : tensor<4xui32>
      %392 = stablehlo.or %390, %391 : tensor<4xui32>
      %393 = stablehlo.xor %392, %389 : tensor<4xui32>
      %394 = stablehlo.add %389, %393 : tensor<4xui32>
      %395 = stablehlo.shift_left %393, %105 : tensor<4xui32>
      %396 = stablehlo.shift_right_logical %393, %107 : tensor<4xui32>
      %397 = stablehlo.or %395, %396 : tensor<4xui32>
      %398 = stablehlo.xor %397, %394 : tensor<4xui32>
      %399 = stablehlo.add %394, %398 : tensor<4xui32>
      %400 = stablehlo.shift_left %398, %112 : tensor<4xui32>
      %401 = stablehlo.shift_right_logical %398, %112 : tensor<4xui32>
      %402 = stablehlo.or %400, %401 : tensor<4xui32>
      %403 = stablehlo.xor %402, %399 : tensor<4xui32>
      %404 = stablehlo.add %399, %403 : tensor<4xui32>
      %405 = stablehlo.add %404, %317 : tensor<4xui32>
      %406 = stablehlo.shift_left %403, %119 : tensor<4xui32>
      %407 = stablehlo.shift_right_logical %403, %121 : tensor<4xui32>
      %408 = stablehlo.or %406, %407 : tensor<4xui32>
      %409 = stablehlo.xor %408, %404 : tensor<4xui32>
      %410 = stablehlo.add %409, %340 : tensor<4xui32>
      %411 = stablehlo.add %410, %174 : tensor<4xui32>
      %412 = stablehlo.add %405, %411 : tensor<4xui32>
      %413 = stablehlo.shift_left %411, %70 : tensor<4xui32>
      %414 = stablehlo.shift_right_logical %411, %72 : tensor<4xui32>
      %415 = stablehlo.or %413, %414 : tensor<4xui32>
      %416 = stablehlo.xor %415, %412 : tensor<4xui32>
      %417 = stablehlo.add %412, %416 : tensor<4xui32>
      %418 = stablehlo.shift_left %416, %77 : tensor<4xui32>
      %419 = stablehlo.shift_right_logical %416, %79 : tensor<4xui32>
      %420 = stablehlo.or %418, %419 : tensor<4xui32>
      %421 = stablehlo.xor %420, %417 : tensor<4xui32>
      %422 = stablehlo.add %417, %421 : tensor<4xui32>
      %423 = stablehlo.shift_left %421, %84 : tensor<4xui32>
      %424 = stablehlo.shift_right_logical %421, %86 : tensor<4xui32>
      %425 = stablehlo.or %423, %424 : tensor<4xui32>
      %426 = stablehlo.xor %425, %422 : tensor<4xui32>
      %427 = stablehlo.add %422, %426 : tensor<4xui32>
      %428 = stablehlo.add %427, %340 : tensor<4xui32>
      %429 = stablehlo.shift_left %426, %86 : tensor<4xui32>
      %430 = stablehlo.shift_right_logical %426, %84 : tensor<4xui32>
      %431 = stablehlo.or %429, %430 : tensor<4xui32>
      %432 = stablehlo.xor %431, %427 : tensor<4xui32>
      %433 = stablehlo.add %432, %311 : tensor<4xui32>
      %434 = stablehlo.add %433, %198 : tensor<4xui32>
      %435 = stablehlo.xor %428, %434 : tensor<4xui32>
      %436 = stablehlo.constant dense<9> : tensor<4xui32>
      %437 = stablehlo.shift_right_logical %435, %436 : tensor<4xui32>
      %438 = stablehlo.constant dense<1065353216> : tensor<4xui32>
      %439 = stablehlo.or %437, %438 : tensor<4xui32>
      %440 = stablehlo.bitcast_convert %439 : (tensor<4xui32>) -> tensor<4xf32>
      %441 = stablehlo.constant dense<1.0> : tensor<4xf32>
      %442 = stablehlo.subtract %440, %441 : tensor<4xf32>
      %443 = func.call @log_4(%442) : (tensor<4xf32>) -> tensor<4xf32>
      %444 = stablehlo.add %192, %199 : tensor<4xui32>
      %445 = stablehlo.shift_left %199, %70 : tensor<4xui32>
      %446 = stablehlo.shift_right_logical %199, %72 : tensor<4xui32>
      %447 = stablehlo.or %445, %446 : tensor<4xui32>
      %448 = stablehlo.xor %447, %444 : tensor<4xui32>
      %449 = stablehlo.add %444, %448 : tensor<4xui32>
      %450 = stablehlo.shift_left %448, %77 : tensor<4xui32>
      %451 = stablehlo.shift_right_logical %448, %79 : tensor<4xui32>
      %452 = stablehlo.or %450, %451 : tensor<4xui32>
      %453 = stablehlo.xor %452, %449 : tensor<4xui32>
      %454 = stablehlo.add %449, %453 : tensor<4xui32>
      %455 = stablehlo.shift_left %453, %84 : tensor<4xui32>
      %456 = stablehlo.shift_right_logical %453, %86 : tensor<4xui32>
      %457 = stablehlo.or %455, %456 : tensor<4xui32>
      %458 = stablehlo.xor %457, %454 : tensor<4xui32>
      %459 = stablehlo.add %454, %458 : tensor<4xui32>
      %460 = stablehlo.add %459, %199 : tensor<4xui32>
      %461 = stablehlo.shift_left %458, %86 : tensor<4xui32>
      %462 = stablehlo.shift_right_logical %458, %84 : tensor<4xui32>
      %463 = stablehlo.or %461, %462 : tensor<4xui32>
      %464 = stablehlo.xor %463, %459 : tensor<4xui32>
      %465 = stablehlo.add %464, %223 : tensor<4xui32>
      %466 = stablehlo.add %465, %97 : tensor<4xui32>
      %467 = stablehlo.add %460, %466 : tensor<4xui32>
      %468 = stablehlo.shift_left %466, %79 : tensor<4xui32>
      %469 = stablehlo.shift_right_logical %466, %77 : tensor<4xui32>
      %470 = stablehlo.or %468, %469 : tensor<4xui32>
      %471 = stablehlo.xor %470, %467 : tensor<4xui32>
      %472 = stablehlo.add %467, %471 : tensor<4xui32>
      %473 = stablehlo.shift_left %471, %105 : tensor<4xui32>
      %474 = stablehlo.shift_right_logical %471, %107 : tensor<4xui32>
      %475 = stablehlo.or %473, %474 : tensor<4xui32>
      %476 = stablehlo.xor %475, %472 : tensor<4xui32>
      %477 = stablehlo.add %472, %476 : tensor<4xui32>
      %478 = stablehlo.shift_left %476, %112 : tensor<4xui32>
      %479 = stablehlo.shift_right_logical %476, %112 : tensor<4xui32>
      %480 = stablehlo.or %478, %479 : tensor<4xui32>
      %481 = stablehlo.xor %480, %477 : tensor<4xui32>
      %482 = stablehlo.add %477, %481 : tensor<4xui32>
      %483 = stablehlo.add %482, %223 : tensor<4xui32>
      %484 = stablehlo.shift_left %481, %119 : tensor<4xui32>
      %485 = stablehlo.shift_right_logical %481, %121 : tensor<4xui32>
      %486 = stablehlo.or %484, %485 : tensor<4xui32>
      %487 = stablehlo.xor %486, %482 : tensor<4xui32>
      %488 = stablehlo.add %487, %192 : tensor<4xui32>
      %489 = stablehlo.add %488, %126 : tensor<4xui32>
      %490 = stablehlo.add %483, %489 : tensor<4xui32>
      %491 = stablehlo.shift_left %489, %70 : tensor<4xui32>
      %492 = stablehlo.shift_right_logical %489, %72 : tensor<4xui32>
      %493 = stablehlo.or %491, %492 : tensor<4xui32>
      %494 = stablehlo.xor %493, %490 : tensor<4xui32>
      %495 = stablehlo.add %490, %494 : tensor<4xui32>
      %496 = stablehlo.shift_left %494, %77 : tensor<4xui32>
      %497 = stablehlo.shift_right_logical %494, %79 : tensor<4xui32>
      %498 = stablehlo.or %496, %497 : tensor<4xui32>
      %499 = stablehlo.xor %498, %495 : tensor<4xui32>
      %500 = stablehlo.add %495, %499 : tensor<4xui32>
      %501 = stablehlo.shift_left %499, %84 : tensor<4xui32>
      %502 = stablehlo.shift_right_logical %499, %86 : tensor<4xui32>
      %503 = stablehlo.or %501, %502 : tensor<4xui32>
      %504 = stablehlo.xor %503, %500 : tensor<4xui32>
      %505 = stablehlo.add %500, %504 : tensor<4xui32>
      %506 = stablehlo.add %505, %192 : tensor<4xui32>
      %507 = stablehlo.shift_left %504, %86 : tensor<4xui32>
      %508 = stablehlo.shift_right_logical %504, %84 : tensor<4xui32>
      %509 = stablehlo.or %507, %508 : tensor<4xui32>
      %510 = stablehlo.xor %509, %505 : tensor<4xui32>
      %511 = stablehlo.add %510, %199 : tensor<4xui32>
      %512 = stablehlo.add %511, %150 : tensor<4xui32>
      %513 = stablehlo.add %506, %512 : tensor<4xui32>
      %514 = stablehlo.shift_left %512, %79 : tensor<4xui32>
      %515 = stablehlo.shift_right_logical %512, %77 : tensor<4xui32>
      %516 = stablehlo.or %514, %515 : tensor<4xui32>
      %517 = stablehlo.xor %516, %513 : tensor<4xui32>
      %518 = stablehlo.add %513, %517 : tensor<4xui32>
      %519 = stablehlo.shift_left %517, %105 : tensor<4xui32>
      %520 = stablehlo.shift_right_logical %517, %107 : tensor<4xui32>
      %521 = stablehlo.or %519, %520 : tensor<4xui32>
      %522 = stablehlo.xor %521, %518 : tensor<4xui32>
      %523 = stablehlo.add %518, %522 : tensor<4xui32>
      %524 = stablehlo.shift_left %522, %112 : tensor<4xui32>
      %525 = stablehlo.shift_right_logical %522, %112 : tensor<4xui32>
      %526 = stablehlo.or %524, %525 : tensor<4xui32>
      %527 = stablehlo.xor %526, %523 : tensor<4xui32>
      %528 = stablehlo.add %523, %527 : tensor<4xui32>
      %529 = stablehlo.add %528, %199 : tensor<4xui32>
      %530 = stablehlo.shift_left %527, %119 : tensor<4xui32>
      %531 = stablehlo.shift_right_logical %527, %121 : tensor<4xui32>
      %532 = stablehlo.or %530, %531 : tensor<4xui32>
      %533 = stablehlo.xor %532, %528 : tensor<4xui32>
      %534 = stablehlo.add %533, %223 : tensor<4xui32>
      %535 = stablehlo.add %534, %174 : tensor<4xui32>
      %536 = stablehlo.add %529, %535 : tensor<4xui32>
      %537 = stablehlo.shift_left %535, %70 : tensor<4xui32>
      %538 = stablehlo.shift_right_logical %535, %72 : tensor<4xui32>
      %539 = stablehlo.or %537, %538 : tensor<4xui32>
      %540 = stablehlo.xor %539, %536 : tensor<4xui32>
      %541 = stablehlo.add %536, %540 : tensor<4xui32>
      %542 = stablehlo.shift_left %540, %77 : tensor<4xui32>
      %543 = stablehlo.shift_right_logical %540, %79 : tensor<4xui32>
      %544 = stablehlo.or %542, %543 : tensor<4xui32>
      %545 = stablehlo.xor %544, %541 : tensor<4xui32>
      %546 = stablehlo.add %541, %545 : tensor<4xui32>
      %547 = stablehlo.shift_left %545, %84 : tensor<4xui32>
      %548 = stablehlo.shift_right_logical %545, %86 : tensor<4xui32>
      %549 = stablehlo.or %547, %548 : tensor<4xui32>
      %550 = stablehlo.xor %549, %546 : tensor<4xui32>
      %551 = stablehlo.add %546, %550 : tensor<4xui32>
      %552 = stablehlo.add %551, %223 : tensor<4xui32>
      %553 = stablehlo.broadcast_in_dim %552, dims = [0] : (tensor<4xui32>) -> tensor<4x10xui32>
      %554 = stablehlo.shift_left %550, %86 : tensor<4xui32>
      %555 = stablehlo.shift_right_logical %550, %84 : tensor<4xui32>
      %556 = stablehlo.or %554, %555 : tensor<4xui32>
      %557 = stablehlo.xor %556, %551 : tensor<4xui32>
      %558 = stablehlo.add %557, %192 : tensor<4xui32>
      %559 = stablehlo.add %558, %198 : tensor<4xui32>
      %560 = stablehlo.broadcast_in_dim %559, dims = [0] : (tensor<4xui32>) -> tensor<4x10xui32>
      %561 = stablehlo.broadcast_in_dim %22, dims = [1] : (tensor<10xui32>) -> tensor<4x10xui32>
      %562 = stablehlo.add %561, %560 : tensor<4x10xui32>
      %563 = stablehlo.add %553, %562 : tensor<4x10xui32>
      %564 = stablehlo.constant dense<13> : tensor<4x10xui32>
      %565 = stablehlo.shift_left %562, %564 : tensor<4x10xui32>
      %566 = stablehlo.constant dense<19> : tensor<4x10xui32>
      %567 = stablehlo.shift_right_logical %562, %566 : tensor<4x10xui32>
      %568 = stablehlo.or %565, %567 : tensor<4x10xui32>
      %569 = stablehlo.xor %568, %563 : tensor<4x10xui32>
      %570 = stablehlo.add %563, %569 : tensor<4x10xui32>
      %571 = stablehlo.constant dense<15> : tensor<4x10xui32>
      %572 = stablehlo.shift_left %569, %571 : tensor<4x10xui32>
      %573 = stablehlo.constant dense<17> : tensor<4x10xui32>
      %574 = stablehlo.shift_right_logical %569, %573 : tensor<4x10xui32>
      %575 = stablehlo.or %572, %574 : tensor<4x10xui32>
      %576 = stablehlo.xor %575, %570 : tensor<4x10xui32>
      %577 = stablehlo.add %570, %576 : tensor<4x10xui32>
      %578 = stablehlo.constant dense<26> : tensor<4x10xui32>
      %579 = stablehlo.shift_left %576, %578 : tensor<4x10xui32>
      %580 = stablehlo.constant dense<6> : tensor<4x10xui32>
      %581 = stablehlo.shift_right_logical %576, %580 : tensor<4x10xui32>
      %582 = stablehlo.or %579, %581 : tensor<4x10xui32>
      %583 = stablehlo.xor %582, %577 : tensor<4x10xui32>
      %584 = stablehlo.add %577, %583 : tensor<4x10xui32>
      %585 = stablehlo.add %584, %560 : tensor<4x10xui32>
      %586 = stablehlo.shift_left %583, %580 : tensor<4x10xui32>
      %587 = stablehlo.shift_right_logical %583, %578 : tensor<4x10xui32>
      %588 = stablehlo.or %586, %587 : tensor<4x10xui32>
      %589 = stablehlo.xor %588, %584 : tensor<4x10xui32>
      %590 = stablehlo.xor %552, %559 : tensor<4xui32>
      %591 = stablehlo.xor %590, %15 : tensor<4xui32>
      %592 = stablehlo.broadcast_in_dim %591, dims = [0] : (tensor<4xui32>) -> tensor<4x10xui32>
      %593 = stablehlo.add %589, %592 : tensor<4x10xui32>
      %594 = stablehlo.broadcast_in_dim %17, dims = [] : (tensor<ui32>) -> tensor<10xui32>
      %595 = stablehlo.broadcast_in_dim %594, dims = [1] : (tensor<10xui32>) -> tensor<4x10xui32>
      %596 = stablehlo.add %593, %595 : tensor<4x10xui32>
      %597 = stablehlo.add %585, %596 : tensor<4x10xui32>
      %598 = stablehlo.shift_left %596, %573 : tensor<4x10xui32>
      %599 = stablehlo.shift_right_logical %596, %571 : tensor<4x10xui32>
      %600 = stablehlo.or %598, %599 : tensor<4x10xui32>
      %601 = stablehlo.xor %600, %597 : tensor<4x10xui32>
      %602 = stablehlo.add %597, %601 : tensor<4x10xui32>
      %603 = stablehlo.constant dense<29> : tensor<4x10xui32>
      %604 = stablehlo.shift_left %601, %603 : tensor<4x10xui32>
      %605 = stablehlo.constant dense<3> : tensor<4x10xui32>
      %606 = stablehlo.shift_right_logical %601, %605 : tensor<4x10xui32>
      %607 = stablehlo.or %604, %606 : tensor<4x10xui32>
      %608 = stablehlo.xor %607, %602 : tensor<4x10xui32>
      %609 = stablehlo.add %602, %608 : tensor<4x10xui32>
      %610 = stablehlo.constant dense<16> : tensor<4x10xui32>
      %611 = stablehlo.shift_left %608, %610 : tensor<4x10xui32>
      %612 = stablehlo.shift_right_logical %608, %610 : tensor<4x10xui32>
      %613 = stablehlo.or %611, %612 : tensor<4x10xui32>
      %614 = stablehlo.xor %613, %609 : tensor<4x10xui32>
      %615 = stablehlo.add %609, %614 : tensor<4x10xui32>
      %616 = stablehlo.add %615, %592 : tensor<4x10xui32>
      %617 = stablehlo.constant dense<24> : tensor<4x10xui32>
      %618 = stablehlo.shift_left %614, %617 : tensor<4x10xui32>
      %619 = stablehlo.constant dense<8> : tensor<4x10xui32>
      %620 = stablehlo.shift_right_logical %614, %619 : tensor<4x10xui32>
      %621 = stablehlo.or %618, %620 : tensor<4x10xui32>
      %622 = stablehlo.xor %621, %615 : tensor<4x10xui32>
      %623 = stablehlo.add %622, %553 : tensor<4x10xui32>
      %624 = stablehlo.broadcast_in_dim %18, dims = [] : (tensor<ui32>) -> tensor<10xui32>
      %625 = stablehlo.broadcast_in_dim %624, dims = [1] : (tensor<10xui32>) -> tensor<4x10xui32>
      %626 = stablehlo.add %623, %625 : tensor<4x10xui32>
      %627 = stablehlo.add %616, %626 : tensor<4x10xui32>
      %628 = stablehlo.shift_left %626, %564 : tensor<4x10xui32>
      %629 = stablehlo.shift_right_logical %626, %566 : tensor<4x10xui32>
      %630 = stablehlo.or %628, %629 : tensor<4x10xui32>
      %631 = stablehlo.xor %630, %627 : tensor<4x10xui32>
      %632 = stablehlo.add %627, %631 : tensor<4x10xui32>
      %633 = stablehlo.shift_left %631, %571 : tensor<4x10xui32>
      %634 = stablehlo.shift_right_logical %631, %573 : tensor<4x10xui32>
      %635 = stablehlo.or %633, %634 : tensor<4x10xui32>
      %636 = stablehlo.xor %635, %632 : tensor<4x10xui32>
      %637 = stablehlo.add %632, %636 : tensor<4x10xui32>
      %638 = stablehlo.shift_left %636, %578 : tensor<4x10xui32>
      %639 = stablehlo.shift_right_logical %636, %580 : tensor<4x10xui32>
      %640 = stablehlo.or %638, %639 : tensor<4x10xui32>
      %641 = stablehlo.xor %640, %637 : tensor<4x10xui32>
      %642 = stablehlo.add %637, %641 : tensor<4x10xui32>
      %643 = stablehlo.add %642, %553 : tensor<4x10xui32>
      %644 = stablehlo.shift_left %641, %580 : tensor<4x10xui32>
      %645 = stablehlo.shift_right_logical %641, %578 : tensor<4x10xui32>
      %646 = stablehlo.or %644, %645 : tensor<4x10xui32>
      %647 = stablehlo.xor %646, %642 : tensor<4x10xui32>
      %648 = stablehlo.add %647, %560 : tensor<4x10xui32>
      %649 = stablehlo.broadcast_in_dim %19, dims = [] : (tensor<ui32>) -> tensor<10xui32>
      %650 = stablehlo.broadcast_in_dim %649, dims = [1] : (tensor<10xui32>) -> tensor<4x10xui32>
      %651 = stablehlo.add %648, %650 : tensor<4x10xui32>
      %652 = stablehlo.add %643, %651 : tensor<4x10xui32>
      %653 = stablehlo.shift_left %651, %573 : tensor<4x10xui32>
      %654 = stablehlo.shift_right_logical %651, %571 : tensor<4x10xui32>
      %655 = stablehlo.or %653, %654 : tensor<4x10xui32>
      %656 = stablehlo.xor %655, %652 : tensor<4x10xui32>
      %657 = stablehlo.add %652, %656 : tensor<4x10xui32>
      %658 = stablehlo.shift_left %656, %603 : tensor<4x10xui32>
      %659 = stablehlo.shift_right_logical %656, %605 : tensor<4x10xui32>
      %660 = stablehlo.or %658, %659 : tensor<4x10xui32>
      %661 = stablehlo.xor %660, %657 : tensor<4x10xui32>
      %662 = stablehlo.add %657, %661 : tensor<4x10xui32>
      %663 = stablehlo.shift_left %661, %610 : tensor<4x10xui32>
      %664 = stablehlo.shift_right_logical %661, %610 : tensor<4x10xui32>
      %665 = stablehlo.or %663, %664 : tensor<4x10xui32>
      %666 = stablehlo.xor %665, %662 : tensor<4x10xui32>
      %667 = stablehlo.add %662, %666 : tensor<4x10xui32>
      %668 = stablehlo.add %667, %560 : tensor<4x10xui32>
      %669 = stablehlo.shift_left %666, %617 : tensor<4x10xui32>
      %670 = stablehlo.shift_right_logical %666, %619 : tensor<4x10xui32>
      %671 = stablehlo.or %669, %670 : tensor<4x10xui32>
      %672 = stablehlo.xor %671, %667 : tensor<4x10xui32>
      %673 = stablehlo.add %672, %592 : tensor<4x10xui32>
      %674 = stablehlo.broadcast_in_dim %20, dims = [] : (tensor<ui32>) -> tensor<10xui32>
      %675 = stablehlo.broadcast_in_dim %674, dims = [1] : (tensor<10xui32>) -> tensor<4x10xui32>
      %676 = stablehlo.add %673, %675 : tensor<4x10xui32>
      %677 = stablehlo.add %668, %676 : tensor<4x10xui32>
      %678 = stablehlo.shift_left %676, %564 : tensor<4x10xui32>
      %679 = stablehlo.shift_right_logical %676, %566 : tensor<4x10xui32>
      %680 = stablehlo.or %678, %679 : tensor<4x10xui32>
      %681 = stablehlo.xor %680, %677 : tensor<4x10xui32>
      %682 = stablehlo.add %677, %681 : tensor<4x10xui32>
      %683 = stablehlo.shift_left %681, %571 : tensor<4x10xui32>
      %684 = stablehlo.shift_right_logical %681, %573 : tensor<4x10xui32>
      %685 = stablehlo.or %683, %684 : tensor<4x10xui32>
      %686 = stablehlo.xor %685, %682 : tensor<4x10xui32>
      %687 = stablehlo.add %682, %686 : tensor<4x10xui32>
      %688 = stablehlo.shift_left %686, %578 : tensor<4x10xui32>
      %689 = stablehlo.shift_right_logical %686, %580 : tensor<4x10xui32>
      %690 = stablehlo.or %688, %689 : tensor<4x10xui32>
      %691 = stablehlo.xor %690, %687 : tensor<4x10xui32>
      %692 = stablehlo.add %687, %691 : tensor<4x10xui32>
      %693 = stablehlo.add %692, %592 : tensor<4x10xui32>
      %694 = stablehlo.shift_left %691, %580 : tensor<4x10xui32>
      %695 = stablehlo.shift_right_logical %691, %578 : tensor<4x10xui32>
      %696 = stablehlo.or %694, %695 : tensor<4x10xui32>
      %697 = stablehlo.xor %696, %692 : tensor<4x10xui32>
      %698 = stablehlo.add %697, %553 : tensor<4x10xui32>
      %699 = stablehlo.broadcast_in_dim %21, dims = [] : (tensor<ui32>) -> tensor<10xui32>
      %700 = stablehlo.broadcast_in_dim %699, dims = [1] : (tensor<10xui32>) -> tensor<4x10xui32>
      %701 = stablehlo.add %698, %700 : tensor<4x10xui32>
      %702 = stablehlo.xor %693, %701 : tensor<4x10xui32>
      %703 = stablehlo.constant dense<9> : tensor<4x10xui32>
      %704 = stablehlo.shift_right_logical %702, %703 : tensor<4x10xui32>
      %705 = stablehlo.constant dense<1065353216> : tensor<4x10xui32>
      %706 = stablehlo.or %704, %705 : tensor<4x10xui32>
      %707 = stablehlo.bitcast_convert %706 : (tensor<4x10xui32>) -> tensor<4x10xf32>
      %708 = stablehlo.constant dense<1.0> : tensor<4x10xf32>
      %709 = stablehlo.subtract %707, %708 : tensor<4x10xf32>
      %710 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f32>) -> tensor<10xf32>
      %711 = stablehlo.broadcast_in_dim %710, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %712 = stablehlo.multiply %709, %711 : tensor<4x10xf32>
      %713 = stablehlo.broadcast_in_dim %28, dims = [] : (tensor<f32>) -> tensor<10xf32>
      %714 = stablehlo.broadcast_in_dim %713, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %715 = stablehlo.add %712, %714 : tensor<4x10xf32>
      %716 = stablehlo.compare LT, %715, %714, FLOAT : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xi1>
      %717 = stablehlo.select %716, %714, %715 : tensor<4x10xi1>, tensor<4x10xf32>
      %718 = func.call @erfinv_4_10(%717) : (tensor<4x10xf32>) -> tensor<4x10xf32>
      %719 = stablehlo.broadcast_in_dim %29, dims = [] : (tensor<f32>) -> tensor<10xf32>
      %720 = stablehlo.broadcast_in_dim %719, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %721 = stablehlo.multiply %718, %720 : tensor<4x10xf32>
      %722 = stablehlo.broadcast_in_dim %30, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %723 = stablehlo.divide %721, %722 : tensor<4x10xf32>
      %724 = stablehlo.broadcast_in_dim %5, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %725 = stablehlo.multiply %724, %723 : tensor<4x10xf32>
      %726 = stablehlo.multiply %723, %725 : tensor<4x10xf32>
      %727 = stablehlo.reduce(%726 init: %41) applies stablehlo.add across dimensions = [1] : (tensor<4x10xf32>, tensor<f32>) -> tensor<4xf32>
      %728 = stablehlo.broadcast_in_dim %25, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %729 = stablehlo.multiply %727, %728 : tensor<4xf32>
      %730 = stablehlo.subtract %729, %51 : tensor<4xf32>
      %731 = stablehlo.subtract %66, %31 : tensor<i32>
      %732 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<f32>) -> tensor<10xf32>
      %733 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f32>) -> tensor<10xf32>
      %734:4 = stablehlo.while(%735 = %47, %736 = %50, %737 = %723, %738 = %52) : tensor<i32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>
      cond {
        %739 = stablehlo.compare LT, %735, %731, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %739 : tensor<i1>
      } do {
        %740 = stablehlo.broadcast_in_dim %732, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
        %741 = stablehlo.multiply %740, %738 : tensor<4x10xf32>
        %742 = stablehlo.add %737, %741 : tensor<4x10xf32>
        %743 = stablehlo.multiply %724, %742 : tensor<4x10xf32>
        %744 = stablehlo.broadcast_in_dim %733, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
        %745 = stablehlo.multiply %744, %743 : tensor<4x10xf32>
        %746 = stablehlo.add %736, %745 : tensor<4x10xf32>
        %747 = stablehlo.slice %746 [0:4, 1:10] : (tensor<4x10xf32>) -> tensor<4x9xf32>
        %748 = stablehlo.slice %746 [0:4, 0:1] : (tensor<4x10xf32>) -> tensor<4x1xf32>
        %749 = stablehlo.reshape %748 : (tensor<4x1xf32>) -> tensor<4xf32>
        %750 = stablehlo.multiply %749, %728 : tensor<4xf32>
        %751 = func.call @exp_4(%750) : (tensor<4xf32>) -> tensor<4xf32>
        %752 = stablehlo.broadcast_in_dim %27, dims = [] : (tensor<f32>) -> tensor<4xf32>
        %753 = stablehlo.divide %752, %751 : tensor<4xf32>
        %754 = stablehlo.broadcast_in_dim %753, dims = [0] : (tensor<4xf32>) -> tensor<4x9xf32>
        %755 = stablehlo.multiply %747, %754 : tensor<4x9xf32>
        %756 = stablehlo.multiply %755, %747 : tensor<4x9xf32>
        %757 = stablehlo.reduce(%756 init: %41) applies stablehlo.add across dimensions = [1] : (tensor<4x9xf32>, tensor<f32>) -> tensor<4xf32>
        %758 = stablehlo.divide %757, %751 : tensor<4xf32>
        %759 = stablehlo.multiply %758, %753 : tensor<4xf32>
        %760 = stablehlo.multiply %759, %751 : tensor<4xf32>
        %761 = stablehlo.broadcast_in_dim %33, dims = [] : (tensor<f32>) -> tensor<4xf32>
        %762 = stablehlo.add %761, %760 : tensor<4xf32>
        %763 = stablehlo.multiply %762, %728 : tensor<4xf32>
        %764 = stablehlo.broadcast_in_dim %34, dims = [] : (tensor<f32>) -> tensor<4xf32>
        %765 = stablehlo.multiply %749, %764 : tensor<4xf32>
        %766 = stablehlo.add %763, %765 : tensor<4xf32>
        %767 = stablehlo.reshape %766 : (tensor<4xf32>) -> tensor<4x1xf32>
        %768 = stablehlo.multiply %755, %754 : tensor<4x9xf32>
        %769 = stablehlo.negate %768 : tensor<4x9xf32>
        %770 = stablehlo.concatenate %767, %769, dim = 1 : (tensor<4x1xf32>, tensor<4x9xf32>) -> tensor<4x10xf32>
        %771 = stablehlo.multiply %740, %770 : tensor<4x10xf32>
        %772 = stablehlo.add %742, %771 : tensor<4x10xf32>
        %773 = stablehlo.add %735, %31 : tensor<i32>
        stablehlo.return %773, %746, %772, %770 : tensor<i32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>
      }
      %774 = stablehlo.broadcast_in_dim %732, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %775 = stablehlo.multiply %774, %734#3 : tensor<4x10xf32>
      %776 = stablehlo.add %734#2, %775 : tensor<4x10xf32>
      %777 = stablehlo.multiply %724, %776 : tensor<4x10xf32>
      %778 = stablehlo.broadcast_in_dim %733, dims = [1] : (tensor<10xf32>) -> tensor<4x10xf32>
      %779 = stablehlo.multiply %778, %777 : tensor<4x10xf32>
      %780 = stablehlo.add %734#1, %779 : tensor<4x10xf32>
      %781 = stablehlo.slice %780 [0:4, 1:10] : (tensor<4x10xf32>) -> tensor<4x9xf32>
      %782 = stablehlo.slice %780 [0:4, 0:1] : (tensor<4x10xf32>) -> tensor<4x1xf32>
      %783 = stablehlo.reshape %782 : (tensor<4x1xf32>) -> tensor<4xf32>
      %784 = stablehlo.multiply %783, %728 : tensor<4xf32>
      %785 = func.call @exp_4(%784) : (tensor<4xf32>) -> tensor<4xf32>
      %786 = stablehlo.broadcast_in_dim %27, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %787 = stablehlo.divide %786, %785 : tensor<4xf32>
      %788 = stablehlo.broadcast_in_dim %787, dims = [0] : (tensor<4xf32>) -> tensor<4x9xf32>
      %789 = stablehlo.multiply %781, %788 : tensor<4x9xf32>
      %790 = stablehlo.multiply %789, %781 : tensor<4x9xf32>
      %791 = stablehlo.reduce(%790 init: %41) applies stablehlo.add across dimensions = [1] : (tensor<4x9xf32>, tensor<f32>) -> tensor<4xf32>
      %792 = stablehlo.divide %791, %785 : tensor<4xf32>
      %793 = stablehlo.multiply %792, %787 : tensor<4xf32>
      %794 = stablehlo.multiply %793, %785 : tensor<4xf32>
      %795 = stablehlo.broadcast_in_dim %33, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %796 = stablehlo.add %795, %794 : tensor<4xf32>
      %797 = stablehlo.multiply %796, %728 : tensor<4xf32>
      %798 = stablehlo.broadcast_in_dim %34, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %799 = stablehlo.multiply %783, %798 : tensor<4xf32>
      %800 = stablehlo.add %797, %799 : tensor<4xf32>
      %801 = stablehlo.reshape %800 : (tensor<4xf32>) -> tensor<4x1xf32>
      %802 = stablehlo.multiply %789, %788 : tensor<4x9xf32>
      %803 = stablehlo.negate %802 : tensor<4x9xf32>
      %804 = stablehlo.concatenate %801, %803, dim = 1 : (tensor<4x1xf32>, tensor<4x9xf32>) -> tensor<4x10xf32>
      %805 = stablehlo.multiply %774, %804 : tensor<4x10xf32>
      %806 = stablehlo.add %776, %805 : tensor<4x10xf32>
      %807 = stablehlo.multiply %724, %806 : tensor<4x10xf32>
      %808 = stablehlo.multiply %806, %807 : tensor<4x10xf32>
      %809 = stablehlo.reduce(%808 init: %41) applies stablehlo.add across dimensions = [1] : (tensor<4x10xf32>, tensor<f32>) -> tensor<4xf32>
      %810 = stablehlo.multiply %809, %728 : tensor<4xf32>
      %811 = stablehlo.broadcast_in_dim %35, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %812 = stablehlo.multiply %783, %811 : tensor<4xf32>
      %813 = stablehlo.multiply %812, %812 : tensor<4xf32>
      %814 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %815 = stablehlo.multiply %813, %814 : tensor<4xf32>
      %816 = stablehlo.broadcast_in_dim %37, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %817 = stablehlo.subtract %815, %816 : tensor<4xf32>
      %818 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %819 = stablehlo.subtract %817, %818 : tensor<4xf32>
      %820 = stablehlo.multiply %789, %789 : tensor<4x9xf32>
      %821 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<f32>) -> tensor<9xf32>
      %822 = stablehlo.broadcast_in_dim %821, dims = [1] : (tensor<9xf32>) -> tensor<4x9xf32>
      %823 = stablehlo.multiply %820, %822 : tensor<4x9xf32>
      %824 = stablehlo.broadcast_in_dim %784, dims = [0] : (tensor<4xf32>) -> tensor<4x9xf32>
      %825 = stablehlo.subtract %823, %824 : tensor<4x9xf32>
      %826 = stablehlo.broadcast_in_dim %38, dims = [] : (tensor<f32>) -> tensor<9xf32>
      %827 = stablehlo.broadcast_in_dim %826, dims = [1] : (tensor<9xf32>) -> tensor<4x9xf32>
      %828 = stablehlo.subtract %825, %827 : tensor<4x9xf32>
      %829 = stablehlo.reduce(%828 init: %41) applies stablehlo.add across dimensions = [1] : (tensor<4x9xf32>, tensor<f32>) -> tensor<4xf32>
      %830 = stablehlo.add %819, %829 : tensor<4xf32>
      %831 = stablehlo.subtract %810, %830 : tensor<4xf32>
      %832 = stablehlo.subtract %730, %831 : tensor<4xf32>
      %833 = stablehlo.compare LT, %443, %832, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
      %834 = stablehlo.abs %831 : tensor<4xf32>
      %835 = stablehlo.broadcast_in_dim %39, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %836 = stablehlo.compare LT, %834, %835, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
      %837 = stablehlo.not %836 : tensor<4xi1>
      %838 = stablehlo.broadcast_in_dim %40, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %839 = stablehlo.compare LT, %832, %838, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
      %840 = stablehlo.or %837, %839 : tensor<4xi1>
      %841 = stablehlo.not %840 : tensor<4xi1>
      %842 = stablehlo.and %833, %841 : tensor<4xi1>
      %843 = stablehlo.broadcast_in_dim %842, dims = [0] : (tensor<4xi1>) -> tensor<4x10xi1>
      %844 = stablehlo.select %843, %780, %50 : tensor<4x10xi1>, tensor<4x10xf32>
      %845 = stablehlo.select %842, %830, %51 : tensor<4xi1>, tensor<4xf32>
      %846 = stablehlo.select %843, %804, %52 : tensor<4x10xi1>, tensor<4x10xf32>
      %847 = stablehlo.slice %844 [0:4, 0:1] : (tensor<4x10xf32>) -> tensor<4x1xf32>
      %848 = stablehlo.reshape %847 : (tensor<4x1xf32>) -> tensor<4xf32>
      %849 = stablehlo.slice %844 [0:4, 1:10] : (tensor<4x10xf32>) -> tensor<4x9xf32>
      %850 = stablehlo.broadcast_in_dim %41, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %851 = stablehlo.compare LT, %850, %832, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
      %852 = stablehlo.select %851, %850, %832 : tensor<4xi1>, tensor<4xf32>
      %853 = stablehlo.broadcast_in_dim %42, dims = [] : (tensor<f32>) -> tensor<4xf32>
      %854 = stablehlo.select %836, %852, %853 : tensor<4xi1>, tensor<4xf32>
      %855 = func.call @exp_4(%854) : (tensor<4xf32>) -> tensor<4xf32>
      %856 = stablehlo.select %842, %831, %730 : tensor<4xi1>, tensor<4xf32>
      %857 = stablehlo.subtract %831, %730 : tensor<4xf32>
      %858 = stablehlo.reshape %848 : (tensor<4xf32>) -> tensor<1x4xf32>
      %859 = stablehlo.dynamic_update_slice %55, %858, %49, %47 : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
      %860 = stablehlo.reshape %849 : (tensor<4x9xf32>) -> tensor<1x4x9xf32>
      %861 = stablehlo.dynamic_update_slice %56, %860, %49, %47, %47 : (tensor<8x4x9xf32>, tensor<1x4x9xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<8x4x9xf32>
      %862 = stablehlo.reshape %845 : (tensor<4xf32>) -> tensor<1x4xf32>
      %863 = stablehlo.dynamic_update_slice %57, %862, %49, %47 : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
      %864 = stablehlo.reshape %855 : (tensor<4xf32>) -> tensor<1x4xf32>
      %865 = stablehlo.dynamic_update_slice %58, %864, %49, %47 : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
      %866 = stablehlo.reshape %840 : (tensor<4xi1>) -> tensor<1x4xi1>
      %867 = stablehlo.dynamic_update_slice %59, %866, %49, %47 : (tensor<8x4xi1>, tensor<1x4xi1>, tensor<i32>, tensor<i32>) -> tensor<8x4xi1>
      %868 = stablehlo.reshape %856 : (tensor<4xf32>) -> tensor<1x4xf32>
      %869 = stablehlo.dynamic_update_slice %60, %868, %49, %47 : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
      %870 = stablehlo.reshape %857 : (tensor<4xf32>) -> tensor<1x4xf32>
      %871 = stablehlo.dynamic_update_slice %61, %870, %49, %47 : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
      %872 = stablehlo.add %49, %31 : tensor<i32>
      stablehlo.return %872, %844, %845, %846, %780, %806, %859, %861, %863, %865, %867, %869, %871 : tensor<i32>, tensor<4x10xf32>, tensor<4xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<8x4xf32>, tensor<8x4x9xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xi1>, tensor<8x4xf32>, tensor<8x4xf32>
    }
    %873 = stablehlo.subtract %0, %31 : tensor<i32>
    %874 = stablehlo.dynamic_slice %48#6, %873, %47, sizes = [1, 4] : (tensor<8x4xf32>, tensor<i32>, tensor<i32>) -> tensor<1x4xf32>
    %875 = stablehlo.reshape %874 : (tensor<1x4xf32>) -> tensor<4xf32>
    %876 = stablehlo.dynamic_slice %48#7, %873, %47, %47, sizes = [1, 4, 9] : (tensor<8x4x9xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x4x9xf32>
    %877 = stablehlo.reshape %876 : (tensor<1x4x9xf32>) -> tensor<4x9xf32>
    %878 = stablehlo.dynamic_slice %48#8, %873, %47, sizes = [1, 4] : (tensor<8x4xf32>, tensor<i32>, tensor<i32>) -> tensor<1x4xf32>
    %879 = stablehlo.reshape %878 : (tensor<1x4xf32>) -> tensor<4xf32>
    %880 = stablehlo.dynamic_slice %48#9, %873, %47, sizes = [1, 4] : (tensor<8x4xf32>, tensor<i32>, tensor<i32>) -> tensor<1x4xf32>
    %881 = stablehlo.reshape %880 : (tensor<1x4xf32>) -> tensor<4xf32>
    %882 = stablehlo.dynamic_slice %48#10, %873, %47, sizes = [1, 4] : (tensor<8x4xi1>, tensor<i32>, tensor<i32>) -> tensor<1x4xi1>
    %883 = stablehlo.reshape %882 : (tensor<1x4xi1>) -> tensor<4xi1>
    %884 = stablehlo.dynamic_slice %48#11, %873, %47, sizes = [1, 4] : (tensor<8x4xf32>, tensor<i32>, tensor<i32>) -> tensor<1x4xf32>
    %885 = stablehlo.reshape %884 : (tensor<1x4xf32>) -> tensor<4xf32>
    %886 = stablehlo.dynamic_slice %48#12, %873, %47, sizes = [1, 4] : (tensor<8x4xf32>, tensor<i32>, tensor<i32>) -> tensor<1x4xf32>
    %887 = stablehlo.reshape %886 : (tensor<1x4xf32>) -> tensor<4xf32>
    return %48#1, %48#2, %48#3, %48#4, %48#5, %875, %877, %879, %881, %883, %885, %887, %48#6, %48#7, %48#8, %48#9, %48#10, %48#11, %48#12 : tensor<4x10xf32>, tensor<4xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>, tensor<4xf32>, tensor<4x9xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xf32>, tensor<4xf32>, tensor<8x4xf32>, tensor<8x4x9xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xi1>, tensor<8x4xf32>, tensor<8x4xf32>
  }
  func.func private @log_4(%0: tensor<4xf32>) -> tensor<4xf32> {
    %1 = stablehlo.constant dense<1.1754943508222875e-38> : tensor<4xf32>
    %2 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %3 = stablehlo.constant dense<33554432.0> : tensor<4xf32>
    %4 = stablehlo.multiply %0, %3 : tensor<4xf32>
    %5 = stablehlo.select %2, %4, %0 : tensor<4xi1>, tensor<4xf32>
    %6 = stablehlo.bitcast_convert %5 : (tensor<4xf32>) -> tensor<4xui32>
    %7 = stablehlo.constant dense<8388607> : tensor<4xui32>
    %8 = stablehlo.and %6, %7 : tensor<4xui32>
    %9 = stablehlo.constant dense<1065353216> : tensor<4xui32>
    %10 = stablehlo.or %8, %9 : tensor<4xui32>
    %11 = stablehlo.bitcast_convert %10 : (tensor<4xui32>) -> tensor<4xf32>
    %12 = stablehlo.constant dense<1.4142135381698608> : tensor<4xf32>
    %13 = stablehlo.compare LT, %12, %11, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %14 = stablehlo.bitcast_convert %5 : (tensor<4xf32>) -> tensor<4xui32>
    %15 = stablehlo.constant dense<23> : tensor<4xui32>
    %16 = stablehlo.shift_right_logical %14, %15 : tensor<4xui32>
    %17 = stablehlo.constant dense<255> : tensor<4xui32>
    %18 = stablehlo.and %16, %17 : tensor<4xui32>
    %19 = stablehlo.constant dense<1258291200> : tensor<4xui32>
    %20 = stablehlo.or %18, %19 : tensor<4xui32>
    %21 = stablehlo.bitcast_convert %20 : (tensor<4xui32>) -> tensor<4xf32>
    %22 = stablehlo.constant dense<8388735.0> : tensor<4xf32>
    %23 = stablehlo.subtract %21, %22 : tensor<4xf32>
    %24 = stablehlo.constant dense<1.0> : tensor<4xf32>
    %25 = stablehlo.constant dense<0.0> : tensor<4xf32>
    %26 = stablehlo.select %13, %24, %25 : tensor<4xi1>, tensor<4xf32>
    %27 = stablehlo.add %23, %26 : tensor<4xf32>
    %28 = stablehlo.constant dense<0.5> : tensor<4xf32>
    %29 = stablehlo.multiply %11, %28 : tensor<4xf32>
    %30 = stablehlo.select %13, %29, %11 : tensor<4xi1>, tensor<4xf32>
    %31 = stablehlo.subtract %30, %24 : tensor<4xf32>
    %32 = stablehlo.constant dense<25.0> : tensor<4xf32>
    %33 = stablehlo.select %2, %32, %25 : tensor<4xi1>, tensor<4xf32>
    %34 = stablehlo.subtract %27, %33 : tensor<4xf32>
    %35 = stablehlo.constant dense<2.0> : tensor<4xf32>
    %36 = stablehlo.compare EQ, %31, %31, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %37 = stablehlo.constant dense<0x7FC00000> : tensor<4xf32>
    %38 = stablehlo.select %36, %35, %37 : tensor<4xi1>, tensor<4xf32>
    %39 = stablehlo.add %31, %38 : tensor<4xf32>
    %40 = stablehlo.divide %31, %39 : tensor<4xf32>
    %41 = stablehlo.multiply %31, %31 : tensor<4xf32>
    %42 = stablehlo.multiply %41, %28 : tensor<4xf32>
    %43 = stablehlo.multiply %40, %40 : tensor<4xf32>
    %44 = stablehlo.constant dense<0.29586827754974365> : tensor<4xf32>
    %45 = stablehlo.multiply %44, %43 : tensor<4xf32>
    %46 = stablehlo.constant dense<0.3998854458332062> : tensor<4xf32>
    %47 = stablehlo.add %45, %46 : tensor<4xf32>
    %48 = stablehlo.multiply %47, %43 : tensor<4xf32>
    %49 = stablehlo.constant dense<0.6666668653488159> : tensor<4xf32>
    %50 = stablehlo.add %48, %49 : tensor<4xf32>
    %51 = stablehlo.multiply %43, %50 : tensor<4xf32>
    %52 = stablehlo.constant dense<0.00000905800061445916> : tensor<4xf32>
    %53 = stablehlo.multiply %34, %52 : tensor<4xf32>
    %54 = stablehlo.add %42, %51 : tensor<4xf32>
    %55 = stablehlo.multiply %40, %54 : tensor<4xf32>
    %56 = stablehlo.add %55, %53 : tensor<4xf32>
    %57 = stablehlo.constant dense<0.6931381225585938> : tensor<4xf32>
    %58 = stablehlo.multiply %34, %57 : tensor<4xf32>
    %59 = stablehlo.subtract %42, %56 : tensor<4xf32>
    %60 = stablehlo.subtract %59, %31 : tensor<4xf32>
    %61 = stablehlo.subtract %58, %60 : tensor<4xf32>
    %62 = stablehlo.constant dense<0x7F800000> : tensor<4xf32>
    %63 = stablehlo.compare LT, %0, %62, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %64 = stablehlo.select %63, %61, %0 : tensor<4xi1>, tensor<4xf32>
    %65 = stablehlo.compare EQ, %0, %25, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %66 = stablehlo.constant dense<0xFF800000> : tensor<4xf32>
    %67 = stablehlo.select %65, %66, %37 : tensor<4xi1>, tensor<4xf32>
    %68 = stablehlo.compare LT, %25, %0, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %69 = stablehlo.select %68, %64, %67 : tensor<4xi1>, tensor<4xf32>
    return %69 : tensor<4xf32>
  }
  func.func private @erfinv_4_10(%0: tensor<4x10xf32>) -> tensor<4x10xf32> {
    %1 = stablehlo.constant dense<1.0> : tensor<4x10xf32>
    %2 = stablehlo.abs %0 : tensor<4x10xf32>
    %3 = stablehlo.subtract %1, %2 : tensor<4x10xf32>
    %4 = stablehlo.add %1, %2 : tensor<4x10xf32>
    %5 = stablehlo.multiply %3, %4 : tensor<4x10xf32>
    %6 = stablehlo.bitcast_convert %5 : (tensor<4x10xf32>) -> tensor<4x10xui32>
    %7 = stablehlo.constant dense<8388607> : tensor<4x10xui32>
    %8 = stablehlo.and %6, %7 : tensor<4x10xui32>
    %9 = stablehlo.constant dense<1065353216> : tensor<4x10xui32>
    %10 = stablehlo.or %8, %9 : tensor<4x10xui32>
    %11 = stablehlo.bitcast_convert %10 : (tensor<4x10xui32>) -> tensor<4x10xf32>
    %12 = stablehlo.constant dense<1.4142135381698608> : tensor<4x10xf32>
    %13 = stablehlo.compare LT, %12, %11, FLOAT : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xi1>
    %14 = stablehlo.bitcast_convert %5 : (tensor<4x10xf32>) -> tensor<4x10xui32>
    %15 = stablehlo.constant dense<23> : tensor<4x10xui32>
    %16 = stablehlo.shift_right_logical %14, %15 : tensor<4x10xui32>
    %17 = stablehlo.constant dense<255> : tensor<4x10xui32>
    %18 = stablehlo.and %16, %17 : tensor<4x10xui32>
    %19 = stablehlo.constant dense<1258291200> : tensor<4x10xui32>
    %20 = stablehlo.or %18, %19 : tensor<4x10xui32>
    %21 = stablehlo.bitcast_convert %20 : (tensor<4x10xui32>) -> tensor<4x10xf32>
    %22 = stablehlo.constant dense<8388735.0> : tensor<4x10xf32>
    %23 = stablehlo.subtract %21, %22 : tensor<4x10xf32>
    %24 = stablehlo.constant dense<0.0> : tensor<4x10xf32>
    %25 = stablehlo.select %13, %1, %24 : tensor<4x10xi1>, tensor<4x10xf32>
    %26 = stablehlo.add %23, %25 : tensor<4x10xf32>
    %27 = stablehlo.constant dense<0.5> : tensor<4x10xf32>
    %28 = stablehlo.multiply %11, %27 : tensor<4x10xf32>
    %29 = stablehlo.select %13, %28, %11 : tensor<4x10xi1>, tensor<4x10xf32>
    %30 = stablehlo.subtract %29, %1 : tensor<4x10xf32>
    %31 = stablehlo.constant dense<2.0> : tensor<4x10xf32>
    %32 = stablehlo.compare EQ, %30, %30, FLOAT : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xi1>
    %33 = stablehlo.constant dense<0x7FC00000> : tensor<4x10xf32>
    %34 = stablehlo.select %32, %31, %33 : tensor<4x10xi1>, tensor<4x10xf32>
    %35 = stablehlo.add %30, %34 : tensor<4x10xf32>
    %36 = stablehlo.divide %30, %35 : tensor<4x10xf32>
    %37 = stablehlo.multiply %30, %30 : tensor<4x10xf32>
    %38 = stablehlo.multiply %37, %27 : tensor<4x10xf32>
    %39 = stablehlo.multiply %36, %36 : tensor<4x10xf32>
    %40 = stablehlo.constant dense<0.29586827754974365> : tensor<4x10xf32>
    %41 = stablehlo.multiply %40, %39 : tensor<4x10xf32>
    %42 = stablehlo.constant dense<0.3998854458332062> : tensor<4x10xf32>
    %43 = stablehlo.add %41, %42 : tensor<4x10xf32>
    %44 = stablehlo.multiply %43, %39 : tensor<4x10xf32>
    %45 = stablehlo.constant dense<0.6666668653488159> : tensor<4x10xf32>
    %46 = stablehlo.add %44, %45 : tensor<4x10xf32>
    %47 = stablehlo.multiply %39, %46 : tensor<4x10xf32>
    %48 = stablehlo.constant dense<0.00000905800061445916> : tensor<4x10xf32>
    %49 = stablehlo.multiply %26, %48 : tensor<4x10xf32>
    %50 = stablehlo.add %38, %47 : tensor<4x10xf32>
    %51 = stablehlo.multiply %36, %50 : tensor<4x10xf32>
    %52 = stablehlo.add %51, %49 : tensor<4x10xf32>
    %53 = stablehlo.constant dense<0.6931381225585938> : tensor<4x10xf32>
    %54 = stablehlo.multiply %26, %53 : tensor<4x10xf32>
    %55 = stablehlo.subtract %38, %52 : tensor<4x10xf32>
    %56 = stablehlo.subtract %55, %30 : tensor<4x10xf32>
    %57 = stablehlo.subtract %54, %56 : tensor<4x10xf32>
    %58 = stablehlo.negate %57 : tensor<4x10xf32>
    %59 = stablehlo.constant dense<2.5> : tensor<4x10xf32>
    %60 = stablehlo.subtract %58, %59 : tensor<4x10xf32>
    %61 = stablehlo.constant dense<1.5014094114303589> : tensor<4x10xf32>
    %62 = stablehlo.constant dense<-8.60320081841337e-9> : tensor<4x10xf32>
    %63 = stablehlo.multiply %62, %60 : tensor<4x10xf32>
    %64 = stablehlo.constant dense<2.4162313039255423e-8> : tensor<4x10xf32>
    %65 = stablehlo.add %63, %64 : tensor<4x10xf32>
    %66 = stablehlo.multiply %65, %60 : tensor<4x10xf32>
    %67 = stablehlo.constant dense<4.635757022697362e-7> : tensor<4x10xf32>
    %68 = stablehlo.add %66, %67 : tensor<4x10xf32>
    %69 = stablehlo.multiply %68, %60 : tensor<4x10xf32>
    %70 = stablehlo.constant dense<-0.000003475877520031645> : tensor<4x10xf32>
    %71 = stablehlo.add %69, %70 : tensor<4x10xf32>
    %72 = stablehlo.multiply %71, %60 : tensor<4x10xf32>
    %73 = stablehlo.constant dense<-0.000004951485152560053> : tensor<4x10xf32>
    %74 = stablehlo.add %72, %73 : tensor<4x10xf32>
    %75 = stablehlo.multiply %74, %60 : tensor<4x10xf32>
    %76 = stablehlo.constant dense<0.00021840677072759718> : tensor<4x10xf32>
    %77 = stablehlo.add %75, %76 : tensor<4x10xf32>
    %78 = stablehlo.multiply %77, %60 : tensor<4x10xf32>
    %79 = stablehlo.constant dense<-0.0012527616927400231> : tensor<4x10xf32>
    %80 = stablehlo.add %78, %79 : tensor<4x10xf32>
    %81 = stablehlo.multiply %80, %60 : tensor<4x10xf32>
    %82 = stablehlo.constant dense<-0.004177496302872896> : tensor<4x10xf32>
    %83 = stablehlo.add %81, %82 : tensor<4x10xf32>
    %84 = stablehlo.multiply %83, %60 : tensor<4x10xf32>
    %85 = stablehlo.constant dense<0.24664029479026794> : tensor<4x10xf32>
    %86 = stablehlo.add %84, %85 : tensor<4x10xf32>
    %87 = stablehlo.multiply %60, %86 : tensor<4x10xf32>
    %88 = stablehlo.constant dense<5.0> : tensor<4x10xf32>
    %89 = stablehlo.compare LT, %58, %88, FLOAT : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xi1>
    %90 = stablehlo.sqrt %58 : tensor<4x10xf32>
    %91 = stablehlo.constant dense<3.125> : tensor<4x10xf32>
    %92 = stablehlo.subtract %90, %91 : tensor<4x10xf32>
    %93 = stablehlo.constant dense<2.958320140838623> : tensor<4x10xf32>
    %94 = stablehlo.constant dense<0.00012173470167908818> : tensor<4x10xf32>
    %95 = stablehlo.multiply %94, %92 : tensor<4x10xf32>
    %96 = stablehlo.constant dense<-0.00017540232511237264> : tensor<4x10xf32>
    %97 = stablehlo.add %95, %96 : tensor<4x10xf32>
    %98 = stablehlo.multiply %97, %92 : tensor<4x10xf32>
    %99 = stablehlo.constant dense<-0.0003105112991761416> : tensor<4x10xf32>
    %100 = stablehlo.add %98, %99 : tensor<4x10xf32>
    %101 = stablehlo.multiply %100, %92 : tensor<4x10xf32>
    %102 = stablehlo.constant dense<0.001312602311372757> : tensor<4x10xf32>
    %103 = stablehlo.add %101, %102 : tensor<4x10xf32>
    %104 = stablehlo.multiply %103, %92 : tensor<4x10xf32>
    %105 = stablehlo.constant dense<-0.0025281114503741264> : tensor<4x10xf32>
    %106 = stablehlo.add %104, %105 : tensor<4x10xf32>
    %107 = stablehlo.multiply %106, %92 : tensor<4x10xf32>
    %108 = stablehlo.constant dense<0.003781100269407034> : tensor<4x10xf32>
    %109 = stablehlo.add %107, %108 : tensor<4x10xf32>
    %110 = stablehlo.multiply %109, %92 : tensor<4x10xf32>
    %111 = stablehlo.constant dense<-0.005299534648656845> : tensor<4x10xf32>
    %112 = stablehlo.add %110, %111 : tensor<4x10xf32>
    %113 = stablehlo.multiply %112, %92 : tensor<4x10xf32>
    %114 = stablehlo.constant dense<0.0070490422658622265> : tensor<4x10xf32>
    %115 = stablehlo.add %113, %114 : tensor<4x10xf32>
    %116 = stablehlo.multiply %115, %92 : tensor<4x10xf32>
    %117 = stablehlo.constant dense<1.003718614578247> : tensor<4x10xf32>
    %118 = stablehlo.add %116, %117 : tensor<4x10xf32>
    %119 = stablehlo.multiply %92, %118 : tensor<4x10xf32>
    %120 = stablehlo.select %89, %61, %93 : tensor<4x10xi1>, tensor<4x10xf32>
    %121 = stablehlo.select %89, %87, %119 : tensor<4x10xi1>, tensor<4x10xf32>
    %122 = stablehlo.add %120, %121 : tensor<4x10xf32>
    %123 = stablehlo.multiply %0, %122 : tensor<4x10xf32>
    %124 = stablehlo.compare EQ, %2, %1, FLOAT : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xi1>
    %125 = stablehlo.constant dense<0x7F800000> : tensor<4x10xf32>
    %126 = stablehlo.multiply %0, %125 : tensor<4x10xf32>
    %127 = stablehlo.select %124, %126, %33 : tensor<4x10xi1>, tensor<4x10xf32>
    %128 = stablehlo.compare LT, %2, %1, FLOAT : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xi1>
    %129 = stablehlo.select %128, %123, %127 : tensor<4x10xi1>, tensor<4x10xf32>
    return %129 : tensor<4x10xf32>
  }
  func.func private @exp_4(%0: tensor<4xf32>) -> tensor<4xf32> {
    %1 = stablehlo.constant dense<-87.33654022216797> : tensor<4xf32>
    %2 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %3 = stablehlo.select %2, %1, %0 : tensor<4xi1>, tensor<4xf32>
    %4 = stablehlo.constant dense<89.0> : tensor<4xf32>
    %5 = stablehlo.compare LT, %4, %3, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %6 = stablehlo.select %5, %4, %3 : tensor<4xi1>, tensor<4xf32>
    %7 = stablehlo.constant dense<1.4426950216293335> : tensor<4xf32>
    %8 = stablehlo.multiply %6, %7 : tensor<4xf32>
    %9 = stablehlo.round_nearest_even %8 : tensor<4xf32>
    %10 = stablehlo.constant dense<0.693145751953125> : tensor<4xf32>
    %11 = stablehlo.multiply %9, %10 : tensor<4xf32>
    %12 = stablehlo.subtract %6, %11 : tensor<4xf32>
    %13 = stablehlo.constant dense<0.000001428606765330187> : tensor<4xf32>
    %14 = stablehlo.multiply %9, %13 : tensor<4xf32>
    %15 = stablehlo.subtract %12, %14 : tensor<4xf32>
    %16 = stablehlo.multiply %15, %15 : tensor<4xf32>
    %17 = stablehlo.constant dense<0.0013935328461229801> : tensor<4xf32>
    %18 = stablehlo.multiply %17, %15 : tensor<4xf32>
    %19 = stablehlo.constant dense<0.008363251574337482> : tensor<4xf32>
    %20 = stablehlo.add %18, %19 : tensor<4xf32>
    %21 = stablehlo.multiply %20, %15 : tensor<4xf32>
    %22 = stablehlo.constant dense<0.041666463017463684> : tensor<4xf32>
    %23 = stablehlo.add %21, %22 : tensor<4xf32>
    %24 = stablehlo.multiply %23, %15 : tensor<4xf32>
    %25 = stablehlo.constant dense<0.16666576266288757> : tensor<4xf32>
    %26 = stablehlo.add %24, %25 : tensor<4xf32>
    %27 = stablehlo.multiply %26, %15 : tensor<4xf32>
    %28 = stablehlo.constant dense<0.5> : tensor<4xf32>
    %29 = stablehlo.add %27, %28 : tensor<4xf32>
    %30 = stablehlo.multiply %16, %29 : tensor<4xf32>
    %31 = stablehlo.add %15, %30 : tensor<4xf32>
    %32 = stablehlo.constant dense<127.0> : tensor<4xf32>
    %33 = stablehlo.compare LT, %32, %9, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %34 = stablehlo.select %33, %32, %9 : tensor<4xi1>, tensor<4xf32>
    %35 = stablehlo.constant dense<1.0> : tensor<4xf32>
    %36 = stablehlo.add %35, %31 : tensor<4xf32>
    %37 = stablehlo.constant dense<12583039.0> : tensor<4xf32>
    %38 = stablehlo.add %34, %37 : tensor<4xf32>
    %39 = stablehlo.bitcast_convert %38 : (tensor<4xf32>) -> tensor<4xui32>
    %40 = stablehlo.constant dense<23> : tensor<4xui32>
    %41 = stablehlo.shift_left %39, %40 : tensor<4xui32>
    %42 = stablehlo.bitcast_convert %41 : (tensor<4xui32>) -> tensor<4xf32>
    %43 = stablehlo.multiply %36, %42 : tensor<4xf32>
    %44 = stablehlo.compare LT, %34, %9, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %45 = stablehlo.add %43, %43 : tensor<4xf32>
    %46 = stablehlo.select %44, %45, %43 : tensor<4xi1>, tensor<4xf32>
    %47 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    %48 = stablehlo.constant dense<0.0> : tensor<4xf32>
    %49 = stablehlo.select %47, %48, %46 : tensor<4xi1>, tensor<4xf32>
    return %49 : tensor<4xf32>
  }
}
